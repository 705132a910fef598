//! What the person is asked to do with the document, one thing at a time.

use crate::units::Moment;
use std::time::Duration;

/// One instruction, in order of importance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Instruction {
    /// No document is seen.
    ShowDocument,
    /// More than one is seen.
    OneDocument,
    /// A part is outside the picture.
    WholeDocument,
    /// It is too small in the picture.
    Closer,
    /// It is too large.
    Farther,
    /// It is held askew.
    Flatten,
    /// It stands on its head.
    TurnRound,
    /// There is too little light.
    MoreLight,
    /// There is too much.
    LessLight,
    /// A reflection covers what has to be read.
    AvoidGlare,
    /// It moves.
    HoldSteady,
    /// Out of focus.
    Focus,
    /// It is another page, without the lines to read.
    ShowZone,
    /// All is well.
    HoldStill,
    /// The other side is wanted.
    TurnOver,
}

impl Instruction {
    /// Every instruction.
    pub const ALL: [Self; 15] = [
        Self::ShowDocument,
        Self::OneDocument,
        Self::WholeDocument,
        Self::Closer,
        Self::Farther,
        Self::Flatten,
        Self::TurnRound,
        Self::MoreLight,
        Self::LessLight,
        Self::AvoidGlare,
        Self::HoldSteady,
        Self::Focus,
        Self::ShowZone,
        Self::HoldStill,
        Self::TurnOver,
    ];

    /// Key of its sentence in the locale files.
    #[must_use]
    pub const fn locale_key(self) -> &'static str {
        match self {
            Self::ShowDocument => "document-show",
            Self::OneDocument => "document-one",
            Self::WholeDocument => "document-whole",
            Self::Closer => "document-closer",
            Self::Farther => "document-farther",
            Self::Flatten => "document-flatten",
            Self::TurnRound => "document-turn-round",
            Self::MoreLight => "document-more-light",
            Self::LessLight => "document-less-light",
            Self::AvoidGlare => "document-glare",
            Self::HoldSteady => "document-hold-steady",
            Self::Focus => "document-focus",
            Self::ShowZone => "document-show-zone",
            Self::HoldStill => "document-hold-still",
            Self::TurnOver => "document-turn-over",
        }
    }
}

/// Keeps an instruction on screen for a while, so that it can be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guide {
    stay: Duration,
    shown: Instruction,
    since: Option<Moment>,
}

impl Guide {
    pub const fn new(stay: Duration) -> Self {
        Self { stay, shown: Instruction::ShowDocument, since: None }
    }

    pub const fn instruction(&self) -> Instruction {
        self.shown
    }

    /// What is due now; it shows at once only if what is shown has been there long enough.
    pub fn show(&mut self, due: Instruction, now: Moment) {
        let readable = self.since.is_none_or(|since| now.since(since) >= self.stay);
        if due != self.shown && readable {
            (self.shown, self.since) = (due, Some(now));
        }
    }
}
