//! Design tokens: every colour, size, font and duration of the window, by meaning. The only place with colour literals.

use egui::epaint::Shadow;
use egui::{Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Stroke, Vec2};
use std::sync::Arc;

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Theme {
    /// Dark ink on light surfaces.
    #[default]
    Light,
    /// Light ink on dark surfaces.
    Dark,
}

impl Theme {
    /// The other one.
    #[must_use]
    pub const fn toggled(self) -> Self {
        match self {
            Self::Light => Self::Dark,
            Self::Dark => Self::Light,
        }
    }
}

/// Colours by meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the names are the meanings; pairs are tested for contrast below")]
pub struct Palette {
    /// Behind everything.
    pub surface: Color32,
    /// Cards, fields, drawers.
    pub surface_raised: Color32,
    /// Wells inside cards: table heads, tracks, key caps.
    pub surface_sunken: Color32,
    /// Hairlines between things.
    pub outline: Color32,
    /// Borders of fields and buttons; visible on their own.
    pub outline_strong: Color32,
    /// Text.
    pub ink: Color32,
    /// Second-rank text.
    pub ink_muted: Color32,
    /// The one colour that invites a press.
    pub accent: Color32,
    /// Accent under the pointer.
    pub accent_hover: Color32,
    /// Text on `accent`.
    pub on_accent: Color32,
    /// Accent as a tint behind icons and selected rows.
    pub accent_soft: Color32,
    /// The brand panel, from and to.
    pub brand: [Color32; 2],
    /// Text on the brand panel.
    pub on_brand: Color32,
    /// Second-rank text on the brand panel.
    pub on_brand_muted: Color32,
    pub positive: Color32,
    pub positive_soft: Color32,
    pub caution: Color32,
    pub caution_soft: Color32,
    pub negative: Color32,
    pub negative_soft: Color32,
    /// Text on `negative`.
    pub on_negative: Color32,
    /// The ring around whatever the keyboard would press.
    pub focus: Color32,
    /// Cast by cards.
    pub shadow: Color32,
    /// Behind modal dialogs.
    pub veil: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

const LIGHT: Palette = Palette {
    surface: rgb(0xF3F6F8),
    surface_raised: rgb(0xFFFFFF),
    surface_sunken: rgb(0xEAEFF2),
    outline: rgb(0xDCE3E8),
    outline_strong: rgb(0x7E8D99),
    ink: rgb(0x12212B),
    ink_muted: rgb(0x50616D),
    accent: rgb(0x0B5E6B),
    accent_hover: rgb(0x084A55),
    on_accent: rgb(0xFFFFFF),
    accent_soft: rgb(0xE0F0F1),
    brand: [rgb(0x0A4A57), rgb(0x0B6A70)],
    on_brand: rgb(0xFFFFFF),
    on_brand_muted: rgb(0xCFE6E8),
    positive: rgb(0x176B3E),
    positive_soft: rgb(0xE1F3E8),
    caution: rgb(0x805300),
    caution_soft: rgb(0xFCF0D6),
    negative: rgb(0xA9261F),
    negative_soft: rgb(0xFBE7E5),
    on_negative: rgb(0xFFFFFF),
    focus: rgb(0x1B62D6),
    shadow: Color32::from_rgba_premultiplied(1, 3, 5, 20),
    veil: Color32::from_rgba_premultiplied(5, 10, 14, 140),
};

const DARK: Palette = Palette {
    surface: rgb(0x0D161C),
    surface_raised: rgb(0x17232B),
    surface_sunken: rgb(0x101B22),
    outline: rgb(0x2A3943),
    outline_strong: rgb(0x73848F),
    ink: rgb(0xECF2F5),
    ink_muted: rgb(0xA3B3BD),
    accent: rgb(0x6FCBD4),
    accent_hover: rgb(0x93DBE2),
    on_accent: rgb(0x04252B),
    accent_soft: rgb(0x153A42),
    brand: [rgb(0x06303A), rgb(0x0A4950)],
    on_brand: rgb(0xFFFFFF),
    on_brand_muted: rgb(0xBCD8DB),
    positive: rgb(0x6BD394),
    positive_soft: rgb(0x143625),
    caution: rgb(0xF0BC5E),
    caution_soft: rgb(0x3A2D12),
    negative: rgb(0xFF938A),
    negative_soft: rgb(0x401F1D),
    on_negative: rgb(0x3B0806),
    focus: rgb(0x8FB8FF),
    shadow: Color32::from_rgba_premultiplied(0, 0, 0, 70),
    veil: Color32::from_rgba_premultiplied(0, 0, 0, 170),
};

/// Colours over video: the same in both themes, because the picture is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "the names are the meanings")]
pub struct OverVideo {
    /// What is behind and around the picture.
    pub backdrop: Color32,
    /// Laid over the picture outside the oval; instructions stand on it.
    pub scrim: Color32,
    pub ink: Color32,
    pub ink_muted: Color32,
    /// The part of the ring that is still to go.
    pub track: Color32,
    /// The ring while the subject moves into place.
    pub guide: Color32,
    pub positive: Color32,
    pub caution: Color32,
    pub negative: Color32,
    pub focus: Color32,
    /// Light that the screen throws on the face, at either level.
    pub light: [Color32; 2],
    /// A button on the scrim.
    pub button: Color32,
    pub button_hover: Color32,
}

/// See [`OverVideo`].
pub const OVER_VIDEO: OverVideo = OverVideo {
    backdrop: rgb(0x0A1116),
    scrim: Color32::from_rgba_premultiplied(7, 12, 16, 195),
    ink: rgb(0xFFFFFF),
    ink_muted: rgb(0xEBF1F4),
    track: Color32::from_rgba_premultiplied(110, 110, 110, 110),
    guide: rgb(0xFFFFFF),
    positive: rgb(0x5FE3A1),
    caution: rgb(0xFFD27A),
    negative: rgb(0xFFA59D),
    focus: rgb(0x9CC2FF),
    light: [rgb(0x9AA3A8), rgb(0xF4F7F8)],
    button: Color32::from_rgba_premultiplied(30, 38, 43, 225),
    button_hover: rgb(0x33424B),
};

/// The practice ribbon; the same in both themes so that nobody overlooks it.
pub const RIBBON: Color32 = rgb(0xFFC233);
/// Words on the practice ribbon.
pub const ON_RIBBON: Color32 = rgb(0x2A1B00);
/// Pictures are drawn as they are.
pub const UNTINTED: Color32 = Color32::WHITE;
/// Nothing at all.
pub const CLEAR: Color32 = Color32::TRANSPARENT;

impl Theme {
    /// Its colours.
    #[must_use]
    pub const fn palette(self) -> &'static Palette {
        match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
        }
    }
}

/// A colour with its opacity multiplied by `factor`, 0-1.
#[must_use]
pub fn faded(colour: Color32, factor: f32) -> Color32 {
    colour.gamma_multiply(factor.clamp(0.0, 1.0))
}

/// A colour on the way from `from` to `to`, `t` in 0-1.
#[must_use]
pub fn mixed(from: Color32, to: Color32, t: f32) -> Color32 {
    from.lerp_to_gamma(to, t.clamp(0.0, 1.0))
}

/// Roles of text. Sizes are points at the scale 1 (a window 1080 high).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// The registration code.
    Display,
    /// The one instruction.
    Instruction,
    /// Title of a kiosk screen, name of a choice.
    Title,
    /// A heading within a screen.
    Heading,
    /// Running text at the kiosk.
    Body,
    /// Small print at the kiosk.
    Caption,
    /// Title of a desk page.
    DeskTitle,
    /// Heading of a desk card.
    DeskHeading,
    /// Running text at the desk.
    DeskBody,
    /// Small print at the desk.
    DeskCaption,
}

impl Type {
    /// Size at the scale 1, and whether it is bold.
    #[must_use]
    pub const fn spec(self) -> (f32, bool) {
        match self {
            Self::Display => (88.0, true),
            Self::Instruction => (52.0, true),
            Self::Title => (40.0, true),
            Self::Heading => (28.0, true),
            Self::Body => (24.0, false),
            Self::Caption => (18.0, false),
            Self::DeskTitle => (26.0, true),
            Self::DeskHeading => (17.0, true),
            Self::DeskBody => (15.5, false),
            Self::DeskCaption => (13.0, false),
        }
    }
}

/// Name of the bold family.
pub const BOLD: &str = "bold";
/// Name of the icon family.
pub const ICONS: &str = "icons";

/// Sizes, derived from the window's size by one factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// 1 in a window 1920x1080.
    pub factor: f32,
    /// Whether the window is taller than it is wide.
    pub portrait: bool,
}

impl Scale {
    /// The factor of a kiosk window. A portrait window is limited by its width.
    #[must_use]
    pub fn kiosk(window: Vec2) -> Self {
        let portrait = window.y > window.x;
        let factor = if portrait { (window.x / 1000.0).min(window.y / 1080.0) } else { (window.y / 1080.0).min(window.x / 1440.0) };
        Self { factor: factor.clamp(0.6, 3.0), portrait }
    }

    /// The factor of a desk window: closer to 1, because an officer sits near.
    #[must_use]
    pub fn desk(window: Vec2) -> Self {
        let kiosk = Self::kiosk(window);
        Self { factor: kiosk.factor.clamp(0.92, 2.0), ..kiosk }
    }

    /// A length in points, from its value at 1080p.
    #[must_use]
    pub fn px(&self, at_1080: f32) -> f32 {
        (at_1080 * self.factor).round()
    }

    /// Height of a kiosk touch target: never below 64 points.
    #[must_use]
    pub fn touch(&self) -> f32 {
        self.px(84.0).max(64.0)
    }

    /// Corner radius of cards and buttons.
    #[must_use]
    pub fn radius(&self) -> CornerRadius {
        CornerRadius::same(self.px(16.0) as u8)
    }

    /// Corner radius of fields and chips.
    #[must_use]
    pub fn radius_small(&self) -> CornerRadius {
        CornerRadius::same(self.px(8.0) as u8)
    }

    /// The font of a role.
    #[must_use]
    pub fn font(&self, role: Type) -> FontId {
        let (size, bold) = role.spec();
        let family = if bold { FontFamily::Name(BOLD.into()) } else { FontFamily::Proportional };
        FontId::new((size * self.factor * 2.0).round() / 2.0, family)
    }

    /// The bold font at the size of a role.
    #[must_use]
    pub fn bold(&self, role: Type) -> FontId {
        FontId::new(self.font(role).size, FontFamily::Name(BOLD.into()))
    }

    /// The icon font, sized in points at 1080p.
    #[must_use]
    pub fn icon(&self, at_1080: f32) -> FontId {
        FontId::new(self.px(at_1080), FontFamily::Name(ICONS.into()))
    }
}

/// The one soft shadow.
#[must_use]
pub fn shadow(palette: &Palette, scale: &Scale) -> Shadow {
    Shadow { offset: [0, scale.px(3.0) as i8], blur: scale.px(20.0) as u8, spread: 0, color: palette.shadow }
}

/// Length of a transition in seconds; 0 with reduced motion.
#[must_use]
pub const fn transition_secs(reduced_motion: bool) -> f32 {
    if reduced_motion { 0.0 } else { 0.2 }
}

/// Installs the fonts; once per context, before the first pass that draws.
pub fn install_fonts(ctx: &Context) {
    let mut fonts = FontDefinitions::empty();
    for (name, bytes) in [("regular", notosans::REGULAR_TTF), (BOLD, notosans::BOLD_TTF), (ICONS, lucide_icons::LUCIDE_FONT_BYTES)] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let chain = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>();
    fonts.families.insert(FontFamily::Proportional, chain(&["regular", ICONS]));
    fonts.families.insert(FontFamily::Monospace, chain(&["regular", ICONS]));
    fonts.families.insert(FontFamily::Name(BOLD.into()), chain(&[BOLD, ICONS]));
    fonts.families.insert(FontFamily::Name(ICONS.into()), chain(&[ICONS, "regular"]));
    ctx.set_fonts(fonts);
}

/// Dresses egui's own widgets (text fields, scroll bars, menus) in the tokens.
pub fn apply(ctx: &Context, theme: Theme, scale: &Scale, reduced_motion: bool) {
    let palette = theme.palette();
    let egui_theme = if theme == Theme::Dark { egui::Theme::Dark } else { egui::Theme::Light };
    ctx.set_theme(egui_theme);
    let mut style = (*ctx.style_of(egui_theme)).clone();
    style.animation_time = transition_secs(reduced_motion);
    style.text_styles = [
        (egui::TextStyle::Small, scale.font(Type::DeskCaption)),
        (egui::TextStyle::Body, scale.font(Type::DeskBody)),
        (egui::TextStyle::Button, scale.font(Type::DeskBody)),
        (egui::TextStyle::Monospace, scale.font(Type::DeskBody)),
        (egui::TextStyle::Heading, scale.font(Type::DeskTitle)),
    ]
    .into();
    style.interaction.selectable_labels = false;
    style.spacing.item_spacing = Vec2::splat(scale.px(8.0));
    style.spacing.scroll.bar_width = scale.px(8.0);
    style.spacing.scroll.floating = true;
    let visuals = &mut style.visuals;
    visuals.dark_mode = theme == Theme::Dark;
    visuals.override_text_color = Some(palette.ink);
    visuals.panel_fill = palette.surface;
    visuals.window_fill = palette.surface_raised;
    visuals.window_stroke = Stroke::new(1.0, palette.outline);
    visuals.window_corner_radius = scale.radius();
    visuals.menu_corner_radius = scale.radius_small();
    visuals.window_shadow = shadow(palette, scale);
    visuals.popup_shadow = shadow(palette, scale);
    visuals.extreme_bg_color = palette.surface_sunken;
    visuals.text_edit_bg_color = Some(palette.surface_raised);
    visuals.faint_bg_color = palette.surface_sunken;
    visuals.selection.bg_fill = faded(palette.accent, 0.35);
    visuals.selection.stroke = Stroke::new(1.0, palette.accent);
    visuals.text_cursor.stroke = Stroke::new(2.0, palette.accent);
    visuals.hyperlink_color = palette.accent;
    visuals.weak_text_color = Some(palette.ink_muted);
    let widgets = &mut visuals.widgets;
    for (state, fill, line) in [
        (&mut widgets.noninteractive, palette.surface, palette.outline),
        (&mut widgets.inactive, palette.surface_raised, palette.outline_strong),
        (&mut widgets.hovered, palette.surface_sunken, palette.outline_strong),
        (&mut widgets.active, palette.accent_soft, palette.accent),
        (&mut widgets.open, palette.surface_sunken, palette.outline_strong),
    ] {
        state.bg_fill = fill;
        state.weak_bg_fill = fill;
        state.bg_stroke = Stroke::new(1.0, line);
        state.fg_stroke = Stroke::new(1.0, palette.ink);
        state.corner_radius = scale.radius_small();
        state.expansion = 0.0;
    }
    ctx.set_style_of(egui_theme, style);
}

/// Relative luminance as WCAG 2 defines it, 0-1, of an opaque colour.
#[must_use]
pub fn luminance(colour: Color32) -> f32 {
    let linear = |v: u8| {
        let v = f32::from(v) / 255.0;
        if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
}

/// Contrast ratio as WCAG 2 defines it, 1-21.
#[must_use]
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `over` laid on an opaque `under`, blended in gamma space as egui does.
    fn blended(under: Color32, over: Color32) -> Color32 {
        let keep = |u: u8, o: u8| (f32::from(o) + f32::from(u) * (1.0 - f32::from(over.a()) / 255.0)).round().min(255.0) as u8;
        Color32::from_rgb(keep(under.r(), over.r()), keep(under.g(), over.g()), keep(under.b(), over.b()))
    }

    #[test]
    fn text_is_readable_on_everything_it_stands_on() {
        for theme in [Theme::Light, Theme::Dark] {
            let p = theme.palette();
            let pairs = [
                ("ink on surface", p.ink, p.surface, 7.0),
                ("ink on surface_raised", p.ink, p.surface_raised, 7.0),
                ("ink on surface_sunken", p.ink, p.surface_sunken, 7.0),
                ("ink_muted on surface", p.ink_muted, p.surface, 4.5),
                ("ink_muted on surface_raised", p.ink_muted, p.surface_raised, 4.5),
                ("ink_muted on surface_sunken", p.ink_muted, p.surface_sunken, 4.5),
                ("ink on accent_soft", p.ink, p.accent_soft, 7.0),
                ("ink_muted on accent_soft", p.ink_muted, p.accent_soft, 4.5),
                ("accent on surface", p.accent, p.surface, 4.5),
                ("accent on surface_raised", p.accent, p.surface_raised, 4.5),
                ("accent on accent_soft", p.accent, p.accent_soft, 4.5),
                ("on_accent on accent", p.on_accent, p.accent, 4.5),
                ("on_accent on accent_hover", p.on_accent, p.accent_hover, 4.5),
                ("on_brand", p.on_brand, p.brand[0], 4.5),
                ("on_brand", p.on_brand, p.brand[1], 4.5),
                ("on_brand_muted", p.on_brand_muted, p.brand[0], 4.5),
                ("on_brand_muted", p.on_brand_muted, p.brand[1], 4.5),
                ("positive", p.positive, p.surface_raised, 4.5),
                ("positive on its tint", p.positive, p.positive_soft, 4.5),
                ("caution", p.caution, p.surface_raised, 4.5),
                ("caution on its tint", p.caution, p.caution_soft, 4.5),
                ("negative", p.negative, p.surface_raised, 4.5),
                ("negative on its tint", p.negative, p.negative_soft, 4.5),
                ("on_negative on negative", p.on_negative, p.negative, 4.5),
                ("words on the ribbon", ON_RIBBON, RIBBON, 7.0),
                ("focus ring on surface", p.focus, p.surface, 3.0),
                ("focus ring on surface_raised", p.focus, p.surface_raised, 3.0),
                ("field border", p.outline_strong, p.surface_raised, 3.0),
            ];
            for (what, over, under, least) in pairs {
                let ratio = contrast(over, under);
                assert!(ratio >= least, "{theme:?}: {what} is {ratio:.2}, needs {least}");
            }
        }
    }

    #[test]
    fn instructions_over_video_are_readable_on_any_picture() {
        let v = OVER_VIDEO;
        for picture in [Color32::WHITE, Color32::BLACK, Color32::from_rgb(255, 220, 190)] {
            let ground = blended(picture, v.scrim);
            for (ink, least) in [(v.ink, 7.0), (v.ink_muted, 7.0), (v.positive, 4.5), (v.caution, 4.5), (v.negative, 4.5)] {
                assert!(contrast(ink, ground) >= least, "{ink:?} on {ground:?} is {:.2}", contrast(ink, ground));
            }
            assert!(contrast(v.ink, blended(ground, v.button)) >= 4.5);
        }
    }

    #[test]
    fn touch_targets_keep_their_size_in_small_windows() {
        for (width, height) in [(1280.0, 800.0), (1920.0, 1080.0), (1080.0, 1920.0), (1024.0, 600.0)] {
            assert!(Scale::kiosk(Vec2::new(width, height)).touch() >= 64.0);
        }
        assert_eq!(Scale::kiosk(Vec2::new(1920.0, 1080.0)).factor, 1.0);
    }
}
