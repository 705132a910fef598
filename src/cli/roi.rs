//! `visavis roi`.

use super::{Answer, Failure, Global, Printer, environment};
use crate::geometry::{PixelRect, Size};
use crate::workflow::capture_profile::CaptureProfiles;
use crate::workflow::roi::roi;
use clap::Args;
use serde::Serialize;

/// The region of interest of a capture profile in a frame.
#[derive(Debug, Args)]
pub struct RoiCommand {
    /// Frame size in pixels, for instance 480x640.
    #[arg(long, value_name = "WxH", value_parser = parse_size)]
    pub size: Size,
}

/// `480x640` as a size.
///
/// # Errors
/// Words for the argument parser.
pub fn parse_size(text: &str) -> Result<Size, String> {
    let (width, height) = text.split_once(['x', 'X', '×']).ok_or("expected WIDTHxHEIGHT, for instance 480x640")?;
    let side =
        |part: &str| part.trim().parse::<u32>().ok().filter(|v| (1..=65_535).contains(v)).ok_or("each side must be 1 to 65535 pixels");
    Ok(Size::new(side(width)?, side(height)?))
}

#[derive(Serialize)]
struct RegionOfInterest<'a> {
    capture_profile: &'a str,
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

pub(super) fn run(global: &Global, command: &RoiCommand, printer: &Printer) -> Result<Answer, Failure> {
    let config = environment::configuration(global)?.config;
    let profile = CaptureProfiles::with_overrides(&config.capture.profiles)?.get(&config.capture.profile)?;
    let PixelRect { x, y, width, height } = roi(&profile.roi, command.size)?;
    let shown = RegionOfInterest { capture_profile: &config.capture.profile, x, y, width, height };
    printer.document("roi", &shown, || format!("x {x}, y {y}, width {width}, height {height}"))?;
    Ok(Answer::Yes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_strictly() {
        assert_eq!(parse_size("480x640"), Ok(Size::new(480, 640)));
        for bad in ["480", "0x640", "480x", "-1x5", "70000x5", "axb"] {
            assert!(parse_size(bad).is_err(), "{bad}");
        }
    }
}
