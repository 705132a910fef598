//! What a person can do to a flow.

use crate::units::SensitiveText;
use std::path::PathBuf;

/// One action of the subject or the officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FlowInput {
    /// The primary button: consent given, details done, picture accepted, result read.
    Next,
    /// One step back where the flow allows it; on the first step the same as `Cancel`.
    Back,
    /// End the flow; nothing is saved.
    Cancel,
    /// Consent refused: ends the flow with plain words.
    RefuseConsent,
    /// Text typed into a field.
    FieldChanged {
        /// Configuration's key of the field.
        key: String,
        /// The whole text.
        value: SensitiveText,
    },
    /// The cursor left a field: now it is validated.
    FieldLeft {
        /// Configuration's key of the field.
        key: String,
    },
    /// Begin to type what the person states beside the document; the flow waits for whoever types. Its fields take `FieldChanged`, `FieldLeft`.
    StateDetails,
    /// Everything stated is typed.
    StatedDone,
    /// Forget what was stated, and go on without it.
    ForgetStated,
    /// The subject cannot do the gesture on screen: another one, please.
    AnotherGesture,
    /// The subject cannot do the challenge, as the officer beside them sees: the flow stops and the officer may decide.
    CannotDo,
    /// Take the document as it lies under the camera, without waiting for a better moment; where the capture has ended, begin it again.
    TakeDocument,
    /// The document has no other side, or it is not wanted.
    OneSideOnly,
    /// Read the document from a picture file.
    OpenDocument(PathBuf),
    /// Verify the files of the document's chip as well.
    OpenChip(PathBuf),
    /// Capture the document again from its first side on; a face that was taken stays.
    RetakeDocument,
    /// Take the picture again.
    Retake,
    /// Start again after attempts were used up.
    Retry,
    /// An officer goes on although presentation attack detection could not answer; the reason stays in the record. Never over a refusal.
    Override {
        /// In the officer's words; not empty.
        reason: String,
    },
}
