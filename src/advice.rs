//! What every error an operator can see carries: a stable code, what to do, and whether the fault is a *no*, bad input or the environment.
//!
//! Codes are never reused. Families: `USE` usage, `CFG` configuration, `IMG` pictures, `BIO` faces and templates, `MOD` models and
//! inference, `CAM` cameras, `GAL` gallery, `KEY` keys, `FLW` flows, `DOC` identity documents, `SVC` identity services, `SYN` delivery
//! and sync, `EVT` events for receivers, `PCK` packs and downloads, `SYS` everything else.

/// Which of the exit codes an error belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultKind {
    /// The question was answered *no*, *undecided* or *unknown*: exit code 1.
    No,
    /// The input or the usage is at fault: exit code 2.
    Input,
    /// Camera, model, disk, network or another part of the environment is at fault: exit code 3.
    Environment,
}

impl FaultKind {
    /// The process exit code.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::No => 1,
            Self::Input => 2,
            Self::Environment => 3,
        }
    }
}

/// A stable code and the next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advice {
    /// For instance `CAM-02`; stable over releases.
    pub code: &'static str,
    /// One plain sentence that says what to do next.
    pub next_step: &'static str,
    /// Which exit code it leads to.
    pub kind: FaultKind,
    /// Whether trying the same again can help.
    pub retry: bool,
}

impl Advice {
    /// Advice for a fault of the input or the usage.
    #[must_use]
    pub const fn input(code: &'static str, next_step: &'static str) -> Self {
        Self { code, next_step, kind: FaultKind::Input, retry: false }
    }

    /// Advice for a fault of the environment, for which trying again can help.
    #[must_use]
    pub const fn environment(code: &'static str, next_step: &'static str) -> Self {
        Self { code, next_step, kind: FaultKind::Environment, retry: true }
    }

    /// The same as a fault of the input where a path is `missing`: whoever named it can name another.
    #[must_use]
    pub const fn or_input(self, missing: bool) -> Self {
        if missing { Self { kind: FaultKind::Input, retry: false, ..self } } else { self }
    }

    /// Advice for an answer of *no*.
    #[must_use]
    pub const fn no(code: &'static str, next_step: &'static str) -> Self {
        Self { code, next_step, kind: FaultKind::No, retry: true }
    }
}

/// An error that tells the operator what to do. `Display` says what happened, without code and without its source.
pub trait Advised: std::error::Error {
    /// Code, next step and kind.
    fn advice(&self) -> Advice;
}
