//! What shows between parted lips: teeth, tongue and the dark behind.

use super::vector::{bell, mix, smoothstep};

/// Linear colour between the lips. `across` runs from -1 to 1 between the corners, `share` from 0 (upper lip) to 1 (lower lip),
/// `gap` is the opening there in metres, `light` the light per unit of albedo, `lips` the albedo of the lips.
pub(super) fn between_lips(across: f32, share: f32, gap: f32, light: [f32; 3], lips: [f32; 3]) -> [f32; 3] {
    let from_upper = share * gap;
    let from_lower = (1.0 - share) * gap;
    let open = smoothstep(0.0006, 0.0030, gap);
    let mut albedo = [0.030, 0.010, 0.009];
    // The tongue lies behind the lower lip of a wide open mouth.
    let tongue = smoothstep(0.010, 0.022, gap) * smoothstep(0.014, 0.004, from_lower) * bell(across, 0.45);
    for c in 0..3 {
        albedo[c] = mix(albedo[c], [0.26, 0.085, 0.075][c], tongue * 0.8);
    }
    let row = across.abs();
    let edge = 0.0072 * (1.0 - 0.45 * row * row) - 0.0010;
    let upper = smoothstep(edge + 0.0005, edge - 0.0005, from_upper) * smoothstep(0.92, 0.70, row);
    let low_edge = smoothstep(0.008, 0.020, gap) * 0.0036 * (1.0 - 0.5 * row * row);
    let lower = smoothstep(low_edge + 0.0004, low_edge - 0.0006, from_lower) * smoothstep(0.004, 0.012, gap) * smoothstep(0.80, 0.55, row);
    let tooth = |width: f32| 1.0 - 0.32 * bell(((across / width) + 0.5).rem_euclid(1.0) - 0.5, 0.05);
    let front = tooth(0.30) * mix(1.0, 0.35, smoothstep(0.25, 0.95, row));
    for c in 0..3 {
        let enamel = [0.60, 0.57, 0.50][c];
        albedo[c] = mix(albedo[c], enamel * front, upper);
        albedo[c] = mix(albedo[c], enamel * 0.72 * front, lower);
    }
    // Both lips shade what is behind them and roll inwards a little.
    let shade = mix(0.45, 1.0, smoothstep(0.0, 0.0030, from_upper)) * mix(0.6, 1.0, smoothstep(0.0, 0.0025, from_lower));
    let roll = smoothstep(0.0011, 0.0002, from_upper).max(smoothstep(0.0014, 0.0003, from_lower));
    std::array::from_fn(|c| {
        let inside = mix(albedo[c] * shade, lips[c] * 0.55, roll * 0.8);
        mix(lips[c] * 0.22, inside, open) * light[c]
    })
}
