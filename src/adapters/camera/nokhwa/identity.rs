//! Identities of cameras that survive a restart and a replug into the same port, and which devices play recorded pictures.

/// Parts of names and drivers of devices that are known to play what a program feeds them, in lower case.
const VIRTUAL: &[&str] = &[
    "v4l2loopback",
    "v4l2 loopback",
    "vivid",
    "vimc",
    "dummy video",
    "obs virtual",
    "obs-camera",
    "virtual cam",
    "virtualcam",
    "droidcam",
    "iriun",
    "epoccam",
    "manycam",
    "snap camera",
    "xsplit",
    "splitcam",
    "akvcam",
    "mmhmm",
    "ndi",
    "unity video capture",
    "camo",
    "ivcam",
    "e2esoft",
    "nvidia broadcast",
    "webcamoid",
];

/// Whether a device with this name and driver, on this bus, is known to play recorded pictures. Its frames are practice, never trusted.
///
/// A device that lies about its name is not found by this: it stops the careless, not an attacker with rights on the machine.
pub(super) fn is_virtual(name: &str, driver: &str, bus: &str) -> bool {
    let (name, driver, bus) = (name.to_lowercase(), driver.to_lowercase(), bus.to_lowercase());
    let known = VIRTUAL.iter().any(|v| driver.contains(v) || names_word(&name, v));
    known || bus.starts_with("platform:v4l2loopback") || bus.starts_with("platform:vivid")
}

/// Whether `name` contains `part` not inside a longer word, so that `ndi` is not found in `Candide`.
fn names_word(name: &str, part: &str) -> bool {
    name.match_indices(part).any(|(at, _)| {
        let before = name[..at].chars().next_back();
        let after = name[at + part.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphabetic)
    })
}

/// A camera's identity from what the system links to its node: the link by serial number where there is one, else the link by port, else
/// name and bus.
pub(super) fn identity(by_id: Option<&str>, by_path: Option<&str>, name: &str, bus: &str) -> String {
    let plain =
        |text: &str| text.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.:".contains(c) { c } else { '_' }).collect::<String>();
    match (by_id, by_path) {
        (Some(link), _) | (None, Some(link)) => plain(link),
        (None, None) => format!("{}@{}", plain(name), plain(bus)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_virtual_devices_are_flagged() {
        let cases = [
            ("Dummy video device (0x0000)", "v4l2 loopback", "platform:v4l2loopback-000", true),
            ("OBS Virtual Camera", "v4l2 loopback", "platform:v4l2loopback-000", true),
            ("vivid-000-vid-cap", "vivid", "platform:vivid-000", true),
            ("DroidCam", "v4l2loopback_dc", "platform:v4l2loopback_dc-000", true),
            ("NDI Webcam 1", "", "", true),
            ("HD Pro Webcam C920", "uvcvideo", "usb-0000:00:14.0-1", false),
            ("Integrated Camera: Candide IR", "uvcvideo", "usb-0000:00:14.0-8", false),
            ("Microdia USB 2.0 Camera", "uvcvideo", "usb-0000:00:1a.0-1.1", false),
        ];
        for (name, driver, bus, expected) in cases {
            assert_eq!(is_virtual(name, driver, bus), expected, "{name}");
        }
    }

    #[test]
    fn identities_prefer_the_serial_number_then_the_port() {
        let id = "usb-046d_HD_Pro_Webcam_C920_5A2B-video-index0";
        assert_eq!(identity(Some(id), Some("pci-0000:00:14.0-usb-0:1:1.0-video-index0"), "C920", "usb-1"), id);
        assert_eq!(
            identity(None, Some("pci-0000:00:14.0-usb-0:1:1.0-video-index0"), "C920", "usb-1"),
            "pci-0000:00:14.0-usb-0:1:1.0-video-index0"
        );
        assert_eq!(identity(None, None, "vivid 000 (a/b)", "platform:vivid-000"), "vivid_000__a_b_@platform:vivid-000");
    }
}
