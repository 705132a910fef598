//! What a report says beside the decision, as values: a stable code each, and the English words beside it.

use crate::phrase::{Phrase, phrases};

phrases! {
    /// Words of a report.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum ReportWord: "report" {
        /// Heading.
        Title = "title", "Identity document";
        /// Above a report that is no real one.
        Practice = "practice", "Practice: nothing in this report is about a real person.";
        /// OK.
        Accepted = "accepted", "Accepted";
        /// What OK means.
        AcceptedLine = "meaning-accepted",
            "Readable, consistent and within the rules. Only a chip whose checks passed proves who issued the document.";
        /// Refused.
        Refused = "refused", "Refused";
        /// What refused means.
        RefusedLine = "meaning-refused", "At least one check speaks against it.";
        /// Undecided.
        Undecided = "undecided", "A person decides";
        /// What undecided means.
        UndecidedLine = "meaning-undecided", "A person decides, or the document is captured again.";
        /// The checks it rests on.
        Because {
            /// Titles of the checks.
            checks: Vec<Phrase>,
        } = "because", "Because of: {checks}.";
        /// Another capture helps.
        Retry = "retry", "Capturing the document again can change the answer.";
        /// Heading over the advice.
        WhatToDo = "what-to-do", "What to do";
        /// Heading over the fields.
        WhatItSays = "what-it-says", "What the document says";
        /// No pictures.
        WithoutPictures = "without-pictures", "Exported without pictures.";
        /// The portrait.
        PortraitInChip = "portrait-in-chip", "Portrait in the chip";
        /// The portrait.
        PortraitInPrint = "portrait-in-print", "Portrait in print";
        /// Caption.
        Signature = "signature", "Signature";
        /// The living face, its picture and its checks.
        Face = "face", "Living face";
        /// The document, its picture and its checks.
        Document = "document", "Document";
        /// The chip's checks.
        Chip = "chip", "Chip";
        /// State of a check.
        Passed = "passed", "passed";
        /// State of a check.
        Failed = "failed", "failed";
        /// State of a check.
        Hint = "hint", "hint";
        /// State of a check.
        CaptureAgain = "capture-again", "capture again";
        /// State of a check.
        PersonDecides = "person-decides", "a person decides";
        /// State of a check.
        NotChecked = "not-checked", "not checked";
        /// The last line.
        Foot {
            /// When, as RFC 3339 writes it.
            at: String,
            /// Program and version.
            program: String,
        } = "foot", "Decided {at} by {program}. “Not checked” never counts as passed. Hints refuse nobody.";
    }
}
