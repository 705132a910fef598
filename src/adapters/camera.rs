//! Frame sources: physical webcams, recordings, the synthetic subject and specimen documents, and which of them is meant by `--camera`.

pub mod nokhwa;
pub mod replay;
pub mod synthetic;

use crate::advice::{Advice, Advised};
use crate::ports::camera::{CameraError, FormatWish, FrameSource, Origin, Pacer};
use std::path::PathBuf;
use synthetic::document::{Specimen, SpecimenSource, SymbolPrinter};

/// Rate of stand-ins that state none, frames a second.
pub const STAND_IN_RATE: f32 = 30.0;

/// Which camera to use, as `--camera` and the configuration spell it.
#[derive(Debug, Clone, PartialEq)]
pub enum CameraChoice {
    /// `webcam` or `webcam:<id>`: a physical camera, the first physical one without an identity.
    Webcam {
        /// Identity as [`nokhwa::list`] gives it.
        id: Option<String>,
        /// Format chosen by hand; not part of the spelling.
        wish: FormatWish,
    },
    /// `replay:<file or folder>[?once][&rate=R]`: pictures played as a camera.
    Replay {
        /// File or folder.
        path: PathBuf,
        /// End after the last picture instead of starting again.
        once: bool,
        /// Frames a second; `None` leaves it to the recording, [`STAND_IN_RATE`] where it states none.
        rate: Option<f32>,
    },
    /// `synthetic` or `synthetic:<scenario>`: the rendered subject.
    Synthetic {
        /// Scenario; `default` where none was named.
        scenario: String,
    },
    /// `document` or `document:<kind>[?seed=N][&act=WORD][&picture=PATH]`: a specimen document on a desk.
    Document(Specimen),
}

/// Text that names no camera.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not a camera: {reason}")]
pub struct CameraChoiceError {
    /// As given.
    pub given: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl Advised for CameraChoiceError {
    fn advice(&self) -> Advice {
        Advice::input("CAM-11", "Write `webcam[:id]`, `replay:<file or folder>`, `synthetic[:scenario]` or `document[:kind]`.")
    }
}

impl CameraChoice {
    /// Reads `webcam[:id] | replay:<path>[?once][&rate=R] | synthetic[:scenario] | document[:kind[?options]]`.
    ///
    /// # Errors
    /// [`CameraChoiceError`] for another scheme, an empty part, an unknown option or kind, or a rate outside 0.1-240.
    pub fn parse(text: &str) -> Result<Self, CameraChoiceError> {
        let refuse = |reason| CameraChoiceError { given: text.to_owned(), reason };
        let (scheme, rest) = text.split_once(':').map_or((text, None), |(s, r)| (s, Some(r)));
        match (scheme, rest) {
            (_, Some("")) => Err(refuse("there is nothing after the colon")),
            ("webcam", id) => Ok(Self::Webcam { id: id.map(str::to_owned), wish: FormatWish::default() }),
            ("synthetic", scenario) => Ok(Self::Synthetic { scenario: scenario.unwrap_or("default").to_owned() }),
            ("document", None) => Ok(Self::Document(Specimen::default())),
            ("document", Some(rest)) => Specimen::parse(rest).map(Self::Document).map_err(refuse),
            ("replay", None) => Err(refuse("a recording needs a path")),
            ("replay", Some(rest)) => Self::parse_replay(rest).map_err(refuse),
            _ => Err(refuse("the part before the colon is unknown")),
        }
    }

    fn parse_replay(rest: &str) -> Result<Self, &'static str> {
        // A path may hold question marks; only a last one followed by nothing but known options starts the options.
        let (path, options) = match rest.rsplit_once('?') {
            Some((path, options)) if options.split('&').all(|o| o == "once" || o.starts_with("rate=")) => (path, options),
            _ => (rest, ""),
        };
        if path.is_empty() {
            return Err("a recording needs a path");
        }
        let (mut once, mut rate) = (false, None);
        for option in options.split('&').filter(|o| !o.is_empty()) {
            match option.strip_prefix("rate=") {
                None => once = true,
                Some(value) => {
                    let value: f32 = value.parse().map_err(|_| "the rate is not a number")?;
                    if !(0.1..=240.0).contains(&value) {
                        return Err("the rate must lie between 0.1 and 240 frames a second");
                    }
                    rate = Some(value);
                }
            }
        }
        Ok(Self::Replay { path: PathBuf::from(path), once, rate })
    }

    /// The same camera in a format chosen by hand; stand-ins have their own.
    #[must_use]
    pub fn in_format(self, chosen: FormatWish) -> Self {
        match self {
            Self::Webcam { id, .. } => Self::Webcam { id, wish: chosen },
            stand_in => stand_in,
        }
    }

    /// Whether its frames may be trusted.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        match self {
            Self::Webcam { .. } => Origin::Camera,
            Self::Replay { .. } | Self::Synthetic { .. } | Self::Document(_) => Origin::Practice,
        }
    }

    /// Opens it, on the calling thread; the source must stay there.
    ///
    /// - `symbols`: prints the barcodes of specimen documents.
    ///
    /// # Errors
    /// [`CameraError`] as the camera or the stand-in gives it.
    pub fn open(&self, pace: Pacer, symbols: SymbolPrinter) -> Result<Box<dyn FrameSource>, CameraError> {
        match self {
            Self::Webcam { id, wish } => Ok(Box::new(nokhwa::WebcamSource::open_in(id.as_deref(), wish)?)),
            Self::Replay { path, once, rate } => Ok(Box::new(replay::ReplaySource::open(path, *once, *rate, pace)?)),
            Self::Synthetic { scenario } => Ok(Box::new(synthetic::SyntheticSource::open(scenario, pace)?)),
            Self::Document(specimen) => Ok(Box::new(SpecimenSource::open(specimen, symbols, pace)?)),
        }
    }
}

impl Default for CameraChoice {
    fn default() -> Self {
        Self::Webcam { id: None, wish: FormatWish::default() }
    }
}

impl std::str::FromStr for CameraChoice {
    type Err = CameraChoiceError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// In the spelling that [`CameraChoice::parse`] reads.
impl std::fmt::Display for CameraChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Webcam { id: None, .. } => write!(f, "webcam"),
            Self::Webcam { id: Some(id), .. } => write!(f, "webcam:{id}"),
            Self::Synthetic { scenario } => write!(f, "synthetic:{scenario}"),
            Self::Document(specimen) => write!(f, "document:{specimen}"),
            Self::Replay { path, once, rate } => {
                write!(f, "replay:{}", path.display())?;
                match (once, rate) {
                    (false, None) => Ok(()),
                    (true, None) => write!(f, "?once"),
                    (false, Some(rate)) => write!(f, "?rate={rate}"),
                    (true, Some(rate)) => write!(f, "?once&rate={rate}"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_are_read() {
        let webcam = |id: Option<&str>| CameraChoice::Webcam { id: id.map(str::to_owned), wish: FormatWish::default() };
        let replay = |path: &str, once, rate| CameraChoice::Replay { path: path.into(), once, rate };
        let cases = [
            ("webcam", webcam(None)),
            ("webcam:usb-046d_0825-video-index0", webcam(Some("usb-046d_0825-video-index0"))),
            ("webcam:pci-0000:00:14.0-usb", webcam(Some("pci-0000:00:14.0-usb"))),
            ("synthetic", CameraChoice::Synthetic { scenario: "default".into() }),
            ("synthetic:enrol", CameraChoice::Synthetic { scenario: "enrol".into() }),
            ("document", CameraChoice::Document(Specimen::default())),
            ("document:td3?seed=4", CameraChoice::Document(Specimen { seed: 4, ..Specimen::default() })),
            ("replay:a b/c.png", replay("a b/c.png", false, None)),
            (r"replay:C:\faces", replay(r"C:\faces", false, None)),
            ("replay:x.gif?once", replay("x.gif", true, None)),
            ("replay:x?rate=12.5", replay("x", false, Some(12.5))),
            ("replay:x?once&rate=5", replay("x", true, Some(5.0))),
            ("replay:what?.png", replay("what?.png", false, None)),
            ("replay:what?.png?once", replay("what?.png", true, None)),
        ];
        for (text, expected) in cases {
            assert_eq!(CameraChoice::parse(text), Ok(expected.clone()), "{text}");
            assert_eq!(CameraChoice::parse(&expected.to_string()), Ok(expected), "{text} written and read again");
        }
    }

    #[test]
    fn other_text_is_refused() {
        for text in [
            "",
            "webcam:",
            "synthetic:",
            "replay",
            "replay:",
            "replay:?once",
            "document:",
            "document:td9",
            "document:td3?speed=4",
            "usb:0",
            "WEBCAM",
            "replay:x?rate=0",
            "replay:x?rate=NaN",
            "replay:x?rate=a",
        ] {
            let refusal = CameraChoice::parse(text).expect_err(text);
            assert_eq!((refusal.advice().code, refusal.given.as_str()), ("CAM-11", text));
        }
    }

    #[test]
    fn only_physical_cameras_are_trusted() {
        assert_eq!(CameraChoice::default().origin(), Origin::Camera);
        assert_eq!(CameraChoice::Synthetic { scenario: "x".into() }.origin(), Origin::Practice);
        assert_eq!(CameraChoice::parse("replay:x").map(|c| c.origin()), Ok(Origin::Practice));
        assert_eq!(CameraChoice::parse("document:td1").map(|c| c.origin()), Ok(Origin::Practice));
    }
}
