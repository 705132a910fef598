//! What `--camera document:<kind>[?options]` may say: which specimen is shown, whose, and what is done with it.

use super::page::PageKind;
use std::path::PathBuf;

/// Which specimen lies on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SpecimenKind {
    /// Data page of a passport.
    Td3,
    /// Official card of size ID-2.
    Td2,
    /// Visa of full size.
    Visa,
    /// Identity card, both sides.
    Td1,
    /// Its portrait side alone.
    Td1Front,
    /// Its side with the zone alone.
    Td1Back,
    /// Driving licence, both sides.
    Licence,
    /// Its portrait side alone.
    LicenceFront,
    /// Its side with the barcode alone.
    LicenceBack,
    /// No document at all.
    Empty,
}

impl SpecimenKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Td3,
        Self::Td2,
        Self::Visa,
        Self::Td1,
        Self::Td1Front,
        Self::Td1Back,
        Self::Licence,
        Self::LicenceFront,
        Self::LicenceBack,
        Self::Empty,
    ];

    /// As it is spelt in the address.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Td3 => "td3",
            Self::Td2 => "td2",
            Self::Visa => "visa",
            Self::Td1 => "td1",
            Self::Td1Front => "td1-front",
            Self::Td1Back => "td1-back",
            Self::Licence => "dl",
            Self::LicenceFront => "dl-front",
            Self::LicenceBack => "dl-back",
            Self::Empty => "empty",
        }
    }

    /// The sides that are shown, one after the other.
    #[must_use]
    pub const fn sides(self) -> &'static [PageKind] {
        match self {
            Self::Td3 => &[PageKind::Passport],
            Self::Td2 => &[PageKind::Td2],
            Self::Visa => &[PageKind::Visa],
            Self::Td1 => &[PageKind::CardFront, PageKind::CardBack],
            Self::Td1Front => &[PageKind::CardFront],
            Self::Td1Back => &[PageKind::CardBack],
            Self::Licence => &[PageKind::LicenceFront, PageKind::LicenceBack],
            Self::LicenceFront => &[PageKind::LicenceFront],
            Self::LicenceBack => &[PageKind::LicenceBack],
            Self::Empty => &[],
        }
    }
}

/// What is done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Act {
    /// Brought in by hand, tilted, out of focus, under glare, held still, turned over, taken away; again and again.
    #[default]
    Visit,
    /// Lies still; turned over from time to time if it has another side.
    Still,
    /// The same, standing on its head.
    UpsideDown,
    /// Lies too far from the camera.
    Far,
    /// Is never laid flat.
    Tilted,
    /// Is never in focus.
    Blurred,
    /// Under a reflection.
    Glare,
    /// In too little light.
    Dark,
    /// Never rests.
    Moving,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 9] =
        [Self::Visit, Self::Still, Self::UpsideDown, Self::Far, Self::Tilted, Self::Blurred, Self::Glare, Self::Dark, Self::Moving];

    /// As it is spelt in the address.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Still => "still",
            Self::UpsideDown => "upside-down",
            Self::Far => "far",
            Self::Tilted => "tilted",
            Self::Blurred => "blurred",
            Self::Glare => "glare",
            Self::Dark => "dark",
            Self::Moving => "moving",
        }
    }
}

/// A specimen on a desk, as an address names it: `td1?seed=4&act=still`.
#[derive(Debug, Clone, PartialEq)]
pub struct Specimen {
    /// Which.
    pub kind: SpecimenKind,
    /// Whose; draws the desk as well.
    pub seed: u64,
    /// What is done with it.
    pub act: Act,
    /// Columns of the frames; the rows follow at 16:9.
    pub width: u32,
    /// Frames a second.
    pub rate: f32,
    /// A picture shown in place of the drawn page, stretched to the page's size; then only the first side is shown.
    pub picture: Option<PathBuf>,
}

/// Columns of the frames where the address names none.
const WIDTH: u32 = 1280;
/// Rate where the address names none; low, because every frame is drawn.
const RATE: f32 = 12.0;

impl Default for Specimen {
    fn default() -> Self {
        Self { kind: SpecimenKind::Td3, seed: 1, act: Act::Visit, width: WIDTH, rate: RATE, picture: None }
    }
}

impl Specimen {
    /// Reads `<kind>[?seed=N][&act=WORD][&width=N][&rate=F][&picture=PATH]`; what follows `picture=` is the path to its end.
    ///
    /// # Errors
    /// What is wrong with it, in words for people.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (kind, mut rest) = text.split_once('?').unwrap_or((text, ""));
        let kind = SpecimenKind::ALL.into_iter().find(|k| k.word() == kind);
        let kind = kind.ok_or("the kinds are td3, td2, visa, td1, td1-front, td1-back, dl, dl-front, dl-back and empty")?;
        let mut specimen = Self { kind, ..Self::default() };
        while !rest.is_empty() {
            if let Some(path) = rest.strip_prefix("picture=") {
                if path.is_empty() || kind == SpecimenKind::Empty {
                    return Err("a picture needs a path and a kind whose size it takes");
                }
                specimen.picture = Some(PathBuf::from(path));
                break;
            }
            let (option, after) = rest.split_once('&').unwrap_or((rest, ""));
            specimen.set(option)?;
            rest = after;
        }
        Ok(specimen)
    }

    fn set(&mut self, option: &str) -> Result<(), &'static str> {
        match option.split_once('=') {
            Some(("seed", value)) => self.seed = value.parse().map_err(|_| "the seed is not a whole number")?,
            Some(("act", value)) => {
                let act = Act::ALL.into_iter().find(|a| a.word() == value);
                self.act = act.ok_or("the acts are visit, still, upside-down, far, tilted, blurred, glare, dark and moving")?;
            }
            Some(("width", value)) => {
                let width = value.parse().ok().filter(|w| (320..=3840).contains(w));
                self.width = width.ok_or("the width must lie between 320 and 3840")?;
            }
            Some(("rate", value)) => {
                let rate = value.parse().ok().filter(|r| (0.1..=120.0).contains(r));
                self.rate = rate.ok_or("the rate must lie between 0.1 and 120 frames a second")?;
            }
            _ => return Err("the options are seed, act, width, rate and picture"),
        }
        Ok(())
    }
}

/// In the spelling that [`Specimen::parse`] reads; what is as usual is left out.
impl std::fmt::Display for Specimen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let usual = Self::default();
        write!(f, "{}?seed={}", self.kind.word(), self.seed)?;
        if self.act != usual.act {
            write!(f, "&act={}", self.act.word())?;
        }
        if self.width != usual.width {
            write!(f, "&width={}", self.width)?;
        }
        if self.rate != usual.rate {
            write!(f, "&rate={}", self.rate)?;
        }
        self.picture.as_ref().map_or(Ok(()), |path| write!(f, "&picture={}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written() {
        let cases = [
            ("td3", Specimen::default()),
            ("td3?seed=4", Specimen { seed: 4, ..Specimen::default() }),
            ("dl?act=glare&seed=9", Specimen { kind: SpecimenKind::Licence, act: Act::Glare, seed: 9, ..Specimen::default() }),
            ("empty?width=640&rate=5", Specimen { kind: SpecimenKind::Empty, width: 640, rate: 5.0, ..Specimen::default() }),
            (
                "td1-back?seed=2&picture=a b/what?&rate=3.png",
                Specimen { kind: SpecimenKind::Td1Back, seed: 2, picture: Some("a b/what?&rate=3.png".into()), ..Specimen::default() },
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(Specimen::parse(text), Ok(expected.clone()), "{text}");
            assert_eq!(Specimen::parse(&expected.to_string()), Ok(expected), "{text} written and read again");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        for text in [
            "",
            "td4",
            "TD3",
            "td3?",
            "td3?seed=-1",
            "td3?seed",
            "td3?act=dance",
            "td3?width=4",
            "td3?rate=NaN",
            "td3?picture=",
            "empty?picture=a",
        ] {
            assert_eq!(Specimen::parse(text).is_err(), text != "td3?", "{text}");
        }
    }
}
