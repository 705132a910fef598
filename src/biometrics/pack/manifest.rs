//! The manifest `visavis.models/1`: text as written, and the checks that turn it into [`ModelSpec`]s.

use super::{Family, InputContract, MeasuredFigure, ModelSpec, Role};
use crate::advice::{Advice, Advised};
use crate::biometrics::detection::yunet::SUREST_FACE_WIDTH;
use crate::imaging::warp::{ChannelOrder, TensorFormat};

/// The only schema this version reads.
pub const SCHEMA: &str = "visavis.models/1";

/// Longest manifest that is read, bytes.
const MAX_MANIFEST_BYTES: usize = 1 << 20;
/// Largest model file that is accepted, bytes.
const MAX_MODEL_BYTES: u64 = 2 << 30;
/// Longest side of a network's input, pixels.
const MAX_INPUT_SIDE: usize = 4096;
/// Side of the aligned face that recognisers are cut from, pixels.
const ALIGNED_SIDE: usize = 112;

/// Why a manifest was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not TOML, an unknown or missing key, or a value of the wrong type.
    #[error("the manifest cannot be read: {reason}")]
    Unreadable {
        /// What the reader said.
        reason: String,
    },
    /// Another schema.
    #[error("the manifest has schema {found:?}, this version reads {SCHEMA:?}")]
    Schema {
        /// Schema found.
        found: String,
    },
    /// A value breaks its contract.
    #[error("model {model}: {reason}")]
    Contract {
        /// Model identifier, or `(pack)`.
        model: String,
        /// What is wrong.
        reason: String,
    },
    /// A family this version does not know.
    #[error("model {model}: the family {family:?} is not one of this version's families for the role {role}")]
    UnknownFamily {
        /// Model identifier.
        model: String,
        /// Role.
        role: Role,
        /// Family found.
        family: String,
    },
    /// A file name that leaves the pack's folder.
    #[error("model {model}: the file name {file:?} does not stay inside the pack's folder")]
    Escapes {
        /// Model identifier.
        model: String,
        /// File name found.
        file: String,
    },
}

impl Advised for ManifestError {
    fn advice(&self) -> Advice {
        match self {
            Self::Unreadable { .. } | Self::Contract { .. } => {
                Advice { retry: false, ..Advice::environment("MOD-04", "Install the pack again, or correct its manifest.toml.") }
            }
            Self::Schema { .. } => {
                Advice { retry: false, ..Advice::environment("MOD-05", "Use a pack made for this version of the program.") }
            }
            Self::UnknownFamily { .. } => {
                Advice { retry: false, ..Advice::environment("MOD-06", "Use a pack made for this version of the program.") }
            }
            Self::Escapes { .. } => {
                Advice { retry: false, ..Advice::environment("MOD-07", "Do not use this pack: it names files outside its folder.") }
            }
        }
    }
}

/// A checked manifest.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// Name of the pack: lower-case letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// Version, free text.
    pub version: String,
    /// Terms of the pack as a whole, where stated.
    pub licence: Option<String>,
    /// One sentence for people, where stated.
    pub description: Option<String>,
    /// The networks.
    pub models: Vec<ModelSpec>,
}

impl Manifest {
    /// Reads and checks a manifest.
    ///
    /// # Errors
    /// [`ManifestError`] for anything that is not exactly a manifest of [`SCHEMA`].
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        if text.len() > MAX_MANIFEST_BYTES {
            return Err(ManifestError::Unreadable { reason: format!("longer than {MAX_MANIFEST_BYTES} bytes") });
        }
        // The schema is looked at first, so that a manifest of a later schema is not blamed for its unknown keys.
        let table: toml::Table = text.parse().map_err(unreadable)?;
        match table.get("schema").and_then(toml::Value::as_str) {
            Some(SCHEMA) => {}
            found => return Err(ManifestError::Schema { found: found.unwrap_or("(none)").to_owned() }),
        }
        let raw: RawManifest = toml::from_str(text).map_err(unreadable)?;
        if !is_name(&raw.name) {
            return Err(contract("(pack)", format!("{:?} is not a pack name", raw.name)));
        }
        let models = raw.model.into_iter().map(check_model).collect::<Result<Vec<_>, _>>()?;
        check_together(&models)?;
        Ok(Self { name: raw.name, version: raw.version, licence: raw.licence, description: raw.description, models })
    }

    /// The networks of a role.
    pub fn role(&self, role: Role) -> impl Iterator<Item = &ModelSpec> {
        self.models.iter().filter(move |m| m.role == role)
    }
}

/// The manifest as written.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawManifest {
    #[serde(rename = "schema")]
    _schema: String,
    name: String,
    version: String,
    licence: Option<String>,
    description: Option<String>,
    #[serde(default)]
    model: Vec<RawModel>,
}

/// One `[[model]]` as written. Keys that belong to one family only are refused on others.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawModel {
    role: Role,
    id: String,
    family: String,
    file: String,
    sha256: String,
    bytes: u64,
    licence: String,
    source: Option<String>,
    input: RawInput,
    /// `yunet`: strides in pixels; 8, 16, 32 when absent.
    strides: Option<Vec<usize>>,
    /// `yunet`: width of a face in the input below which a second look gives better landmarks, pixels; 0, never, when absent.
    second_look_below: Option<f32>,
    /// `facemesh-468` (1.5 when absent) and `fsanet` (1.2 when absent): side of the crop over the longer side of the face box.
    box_scale: Option<f32>,
    /// `aligned-112`: window inside the 112x112 picture; the top-left corner when absent.
    crop_from_aligned: Option<RawCorner>,
    /// `aligned-112`: length of the output.
    dimensions: Option<usize>,
    /// `aligned-112`: average with the mirror image; `false` when absent.
    flip_average: Option<bool>,
    /// `aligned-112`: which landmarks align; the detector's when absent.
    aligned_by: Option<RawAligner>,
    /// `minifasnet`: crop over face box.
    crop_scale: Option<f32>,
    /// `minifasnet`: index of the bona fide class.
    bona_fide_class: Option<usize>,
    /// Name shared by the models of one role that are averaged.
    ensemble: Option<String>,
    training_data: Option<String>,
    #[serde(default)]
    measured: Vec<MeasuredFigure>,
    card: Option<String>,
    calibration: Option<String>,
    /// `pad` role: least evidence that is not refused.
    limit: Option<f32>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInput {
    width: usize,
    height: usize,
    order: RawOrder,
    mean: [f32; 3],
    std: [f32; 3],
}

#[derive(Clone, Copy, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawOrder {
    Rgb,
    Bgr,
}

#[derive(Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawAligner {
    Detector,
    Landmarks,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCorner {
    x: usize,
    y: usize,
}

fn check_model(raw: RawModel) -> Result<ModelSpec, ManifestError> {
    let id = raw.id.clone();
    let fail = |reason: String| contract(&id, reason);
    if !is_name(&raw.id) {
        return Err(fail(format!("{:?} is not an identifier", raw.id)));
    }
    for file in [Some(&raw.file), raw.card.as_ref(), raw.calibration.as_ref()].into_iter().flatten() {
        if !stays_inside(file) {
            return Err(ManifestError::Escapes { model: id.clone(), file: file.clone() });
        }
    }
    if raw.sha256.len() != 64 || !raw.sha256.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        return Err(fail("sha256 is not 64 lower-case hexadecimal digits".to_owned()));
    }
    if raw.bytes == 0 || raw.bytes > MAX_MODEL_BYTES {
        return Err(fail(format!("{} bytes is not a model's length", raw.bytes)));
    }
    if raw.limit.is_some_and(|l| !(0.0..=1.0).contains(&l)) || (raw.limit.is_some() && raw.role != Role::Pad) {
        return Err(fail("limit is a fraction and belongs to the role pad".to_owned()));
    }
    let input = check_input(&raw.input).map_err(&fail)?;
    let family = check_family(&raw, &input, &fail)?;
    Ok(ModelSpec {
        role: raw.role,
        id: raw.id,
        family,
        file: raw.file,
        sha256: raw.sha256,
        bytes: raw.bytes,
        licence: raw.licence,
        source: raw.source,
        input,
        ensemble: raw.ensemble,
        training_data: raw.training_data,
        measured: raw.measured,
        card: raw.card,
        calibration: raw.calibration,
        limit: raw.limit,
    })
}

fn check_input(raw: &RawInput) -> Result<InputContract, String> {
    if !(1..=MAX_INPUT_SIDE).contains(&raw.width) || !(1..=MAX_INPUT_SIDE).contains(&raw.height) {
        return Err(format!("an input of {}x{} is outside 1 to {MAX_INPUT_SIDE}", raw.width, raw.height));
    }
    if raw.mean.iter().chain(&raw.std).any(|v| !v.is_finite()) || raw.std.iter().any(|v| v.abs() < 1e-6) {
        return Err("mean and std must be finite and std not zero".to_owned());
    }
    let order = match raw.order {
        RawOrder::Rgb => ChannelOrder::Rgb,
        RawOrder::Bgr => ChannelOrder::Bgr,
    };
    let format = TensorFormat { order, mean: raw.mean, std: raw.std };
    Ok(InputContract { width: raw.width, height: raw.height, format })
}

fn check_family(raw: &RawModel, input: &InputContract, fail: &impl Fn(String) -> ManifestError) -> Result<Family, ManifestError> {
    let given = [
        ("strides", raw.strides.is_some()),
        ("second_look_below", raw.second_look_below.is_some()),
        ("box_scale", raw.box_scale.is_some()),
        ("crop_from_aligned", raw.crop_from_aligned.is_some()),
        ("dimensions", raw.dimensions.is_some()),
        ("flip_average", raw.flip_average.is_some()),
        ("aligned_by", raw.aligned_by.is_some()),
        ("crop_scale", raw.crop_scale.is_some()),
        ("bona_fide_class", raw.bona_fide_class.is_some()),
    ];
    let only = |allowed: &[&str]| match given.iter().find(|(key, set)| *set && !allowed.contains(key)) {
        Some((key, _)) => Err(fail(format!("the key {key} does not belong to the family {}", raw.family))),
        None => Ok(()),
    };
    let scale = |value: Option<f32>, default: Option<f32>, key: &str| match value.or(default) {
        Some(v) if (0.5..=8.0).contains(&v) => Ok(v),
        _ => Err(fail(format!("{key} must be given and lie in 0.5 to 8"))),
    };
    match (raw.role, raw.family.as_str()) {
        (Role::Detector, "yunet") => {
            only(&["strides", "second_look_below"])?;
            let strides = raw.strides.clone().unwrap_or_else(|| vec![8, 16, 32]);
            if strides.is_empty() || strides.iter().any(|s| *s == 0 || !input.width.is_multiple_of(*s) || !input.height.is_multiple_of(*s))
            {
                return Err(fail("every stride must divide the input's width and height".to_owned()));
            }
            let second_look_below = raw.second_look_below.unwrap_or(0.0);
            if !(0.0..=SUREST_FACE_WIDTH).contains(&second_look_below) {
                return Err(fail(format!("second_look_below must lie in 0 to {SUREST_FACE_WIDTH}")));
            }
            Ok(Family::Yunet { strides, second_look_below })
        }
        (Role::Landmarks, "facemesh-468") => {
            only(&["box_scale"])?;
            Ok(Family::Facemesh468 { box_scale: scale(raw.box_scale, Some(1.5), "box_scale")? })
        }
        (Role::Pose, "fsanet") => {
            only(&["box_scale"])?;
            Ok(Family::Fsanet { box_scale: scale(raw.box_scale, Some(1.2), "box_scale")? })
        }
        (Role::Recogniser, "aligned-112") => {
            only(&["crop_from_aligned", "dimensions", "flip_average", "aligned_by"])?;
            let crop = raw.crop_from_aligned.as_ref().map_or((0, 0), |c| (c.x, c.y));
            if crop.0.saturating_add(input.width) > ALIGNED_SIDE || crop.1.saturating_add(input.height) > ALIGNED_SIDE {
                return Err(fail("the crop leaves the 112x112 picture".to_owned()));
            }
            match raw.dimensions {
                Some(dimensions @ 1..=4096) => Ok(Family::Aligned112 {
                    crop,
                    dimensions,
                    flip_average: raw.flip_average.unwrap_or(false),
                    aligned_by_mesh: raw.aligned_by == Some(RawAligner::Landmarks),
                }),
                _ => Err(fail("dimensions must be given and lie in 1 to 4096".to_owned())),
            }
        }
        (Role::Pad, "minifasnet") => {
            only(&["crop_scale", "bona_fide_class"])?;
            let crop_scale = scale(raw.crop_scale, None, "crop_scale")?;
            Ok(Family::Minifasnet { crop_scale, bona_fide_class: raw.bona_fide_class.unwrap_or(1) })
        }
        (Role::Mrz, "mrz-ctc") => {
            only(&[])?;
            Ok(Family::MrzCtc)
        }
        // No other network of these roles is run by this version; packs that carry one stay usable.
        (Role::Mrz | Role::Quality, other) => {
            only(&[])?;
            Ok(Family::Other(other.to_owned()))
        }
        (role, other) => Err(ManifestError::UnknownFamily { model: raw.id.clone(), role, family: other.to_owned() }),
    }
}

fn check_together(models: &[ModelSpec]) -> Result<(), ManifestError> {
    for (i, model) in models.iter().enumerate() {
        for earlier in &models[..i] {
            if earlier.id == model.id {
                return Err(contract(&model.id, "the identifier occurs twice".to_owned()));
            }
            let averaged = matches!(model.role, Role::Pad | Role::Pose) && model.ensemble.is_some() && model.ensemble == earlier.ensemble;
            if earlier.role == model.role && !averaged {
                return Err(contract(&model.id, format!("the role {} is taken; only pad and pose form ensembles", model.role)));
            }
            if averaged && earlier.family.name() != model.family.name() {
                return Err(contract(&model.id, "an ensemble has one family".to_owned()));
            }
        }
    }
    Ok(())
}

/// Whether `file` is a relative path of plain names, on every platform.
fn stays_inside(file: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && part != "." && part != ".." && !part.ends_with(['.', ' ']);
    !file.is_empty() && file.len() <= 255 && !file.contains(['\\', ':', '\0']) && file.split('/').all(plain)
}

/// Whether `name` can be a folder name and an argument on every platform.
fn is_name(name: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.');
    (1..=64).contains(&name.len()) && name.bytes().all(allowed) && !name.starts_with(['.', '-']) && !name.ends_with('.')
}

fn contract(model: &str, reason: String) -> ManifestError {
    ManifestError::Contract { model: model.to_owned(), reason }
}

fn unreadable(error: impl std::fmt::Display) -> ManifestError {
    ManifestError::Unreadable { reason: error.to_string().lines().map(str::trim).collect::<Vec<_>>().join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DETECTOR: &str = r#"
schema = "visavis.models/1"
name = "tiny"
version = "1"
[[model]]
role = "detector"
id = "d"
family = "yunet"
file = "d.onnx"
sha256 = "8f2383e4dd3cfbb4553ea8718107fc0423210dc964f9f4280604804ed2552fa4"
bytes = 10
licence = "MIT"
input = { width = 64, height = 32, order = "bgr", mean = [0.0, 0.0, 0.0], std = [1.0, 1.0, 1.0] }
"#;

    #[test]
    fn a_plain_manifest_is_read() {
        let manifest = Manifest::parse(DETECTOR).unwrap();
        let model = &manifest.models[0];
        assert_eq!(model.family, Family::Yunet { strides: vec![8, 16, 32], second_look_below: 0.0 });
        assert_eq!(model.tag(), "d@8f2383e4dd3cfbb4");
        assert_eq!((model.input.width, model.input.height, model.input.format.order), (64, 32, ChannelOrder::Bgr));
    }

    #[test]
    fn breaches_are_named() {
        let cases = [
            ("visavis.models/1", "visavis.models/2", "MOD-05"),
            ("schema = \"visavis.models/1\"", "", "MOD-05"),
            ("bytes = 10", "bytes = 0", "MOD-04"),
            ("bytes = 10", "bytes = 10\ncolour = 3", "MOD-04"),
            ("bytes = 10", "bytes = -1", "MOD-04"),
            ("8f23", "8F23", "MOD-04"),
            ("\"yunet\"", "\"yolo\"", "MOD-06"),
            ("\"d.onnx\"", "\"../d.onnx\"", "MOD-07"),
            ("\"d.onnx\"", "\"/etc/passwd\"", "MOD-07"),
            ("\"d.onnx\"", "\"a/../../d.onnx\"", "MOD-07"),
            ("\"d.onnx\"", "'C:\\d.onnx'", "MOD-07"),
            ("\"d.onnx\"", "\"\"", "MOD-07"),
            ("width = 64", "width = 60", "MOD-04"),
            ("std = [1.0, 1.0, 1.0]", "std = [1.0, 0.0, 1.0]", "MOD-04"),
            ("std = [1.0, 1.0, 1.0]", "std = [1.0, nan, 1.0]", "MOD-04"),
            ("licence = \"MIT\"", "licence = \"MIT\"\ncrop_scale = 2.0", "MOD-04"),
            ("licence = \"MIT\"", "licence = \"MIT\"\nlimit = 0.5", "MOD-04"),
            ("name = \"tiny\"", "name = \"../tiny\"", "MOD-04"),
            ("[[model]]", "[[model", "MOD-04"),
        ];
        for (from, to, code) in cases {
            let text = DETECTOR.replacen(from, to, 1);
            assert_ne!(text, DETECTOR, "{from} is not in the text");
            let error = Manifest::parse(&text).expect_err(to);
            assert_eq!(error.advice().code, code, "{to}: {error}");
        }
    }

    #[test]
    fn a_role_is_taken_once_unless_it_is_an_ensemble() {
        let second = DETECTOR.split("[[model]]").nth(1).unwrap().replace("id = \"d\"", "id = \"e\"");
        let twice = format!("{DETECTOR}[[model]]{second}");
        assert_eq!(Manifest::parse(&twice).unwrap_err().advice().code, "MOD-04");
        let same = format!("{DETECTOR}[[model]]{}", second.replace("id = \"e\"", "id = \"d\""));
        assert!(Manifest::parse(&same).unwrap_err().to_string().contains("twice"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_survived(text in "\\PC{0,200}") {
            let _ = Manifest::parse(&text);
        }

        #[test]
        fn damaged_manifests_are_survived(at in 0usize..500, with in "\\PC{0,4}") {
            let mut text = DETECTOR.to_owned();
            let at = (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
            text.insert_str(at, &with);
            let _ = Manifest::parse(&text);
        }
    }
}
