//! The driver's words, classified. nokhwa's errors carry text only; this table is the one place that reads it.

use crate::ports::camera::CameraError;

/// What was being done when the driver complained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Opening the device or setting its format.
    Opening,
    /// Starting the stream or waiting for a frame.
    Streaming,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Busy,
    Denied,
    Gone,
    Format,
    Interrupted,
}

/// Patterns in lower case, first hit wins. Linux says `(os error N)`, Windows a status in hexadecimal.
const TABLE: &[(&str, Class)] = &[
    ("os error 16)", Class::Busy),
    ("resource busy", Class::Busy),
    ("0xc00d3ea3", Class::Busy), // MF_E_VIDEO_RECORDING_DEVICE_PREEMPTED
    ("0xc00d3704", Class::Busy), // MF_E_HW_MFT_FAILED_START_STREAMING
    ("os error 13)", Class::Denied),
    ("os error 1)", Class::Denied),
    ("permission denied", Class::Denied),
    ("not permitted", Class::Denied),
    ("0x80070005", Class::Denied), // E_ACCESSDENIED
    ("os error 19)", Class::Gone),
    ("os error 2)", Class::Gone),
    ("os error 6)", Class::Gone),
    ("no such device", Class::Gone),
    ("no such file", Class::Gone),
    ("0xc00d3ea2", Class::Gone), // MF_E_VIDEO_RECORDING_DEVICE_INVALIDATED
    ("os error 4)", Class::Interrupted),
    ("interrupted", Class::Interrupted),
    ("failed to fufill", Class::Format),
    ("not same/rejected", Class::Format),
    ("framerate not whole number", Class::Format),
    ("frameformat: unsupported", Class::Format),
];

/// What the driver's words mean for the camera called `id`.
pub(super) fn classify(doing: Doing, id: &str, words: &str) -> CameraError {
    let lower = words.to_lowercase();
    let class = TABLE.iter().find(|(pattern, _)| lower.contains(pattern)).map(|(_, class)| *class);
    let id = id.to_owned();
    match (class, doing) {
        (Some(Class::Busy), _) => CameraError::Busy { id },
        (Some(Class::Denied), _) => CameraError::Denied { id },
        (Some(Class::Gone), Doing::Opening) => CameraError::NotFound { id },
        (Some(Class::Gone), Doing::Streaming) => CameraError::Unplugged,
        (Some(Class::Format), Doing::Opening) => CameraError::UnsupportedFormat { id, offered: words.to_owned() },
        (Some(Class::Interrupted), _) => CameraError::Driver { reason: "its wait was interrupted".to_owned() },
        (Some(Class::Format) | None, _) => CameraError::Driver { reason: words.to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advice::Advised as _;

    #[test]
    fn the_drivers_words_are_classified() {
        use Doing::{Opening, Streaming};
        let cases = [
            (Streaming, "Could not open device stream: Device or resource busy (os error 16)", "CAM-02"),
            (
                Opening,
                "Could not set device property Resolution, FrameFormat with value 640x480: Device or resource busy (os error 16)",
                "CAM-02",
            ),
            (Opening, "Could not open device 0: V4L2 Error: Permission denied (os error 13)", "CAM-03"),
            (Opening, "Could not open device 0: V4L2 Error: Operation not permitted (os error 1)", "CAM-03"),
            (Opening, "Could not open device 7: V4L2 Error: No such file or directory (os error 2)", "CAM-01"),
            (Opening, "No such device (os error 19)", "CAM-01"),
            (Streaming, "Could not capture frame: No such device (os error 19)", "CAM-04"),
            (Streaming, "Could not capture frame: Interrupted system call (os error 4)", "CAM-10"),
            (Streaming, "Could not capture frame: Input/output error (os error 5)", "CAM-10"),
            (Streaming, "Could not capture frame: Protocol error (os error 71)", "CAM-10"),
            (Opening, "Could not get device property CameraFormat: Failed to Fufill", "CAM-06"),
            (Opening, "Could not get device property V4L2 FrameRate: Framerate not whole number: 30000 / 1001", "CAM-06"),
            (Opening, "Could not get device property FrameFormat: unsupported", "CAM-06"),
            (Opening, "Could not set device property CameraFormat with value : Not same/Rejected", "CAM-06"),
            (Streaming, "The video recording device is no longer present. (0xC00D3EA2)", "CAM-04"),
            (Streaming, "The video recording device is preempted (0xC00D3EA3)", "CAM-02"),
            (Opening, "Access is denied. (0x80070005)", "CAM-03"),
            (Opening, "", "CAM-10"),
        ];
        for (doing, words, code) in cases {
            assert_eq!(classify(doing, "cam", words).advice().code, code, "{doing:?}: {words}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_words_are_survived(words in ".*") {
            let named = classify(Doing::Streaming, "cam", &words);
            proptest::prop_assert!(!named.to_string().is_empty());
        }
    }
}
