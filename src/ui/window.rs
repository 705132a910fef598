//! One pass of a window: which face it shows (kiosk or desk), which screen, and what lies over it.

use super::look::Look;
use super::pictures::{Pictures, Shown};
use super::screens;
use super::screens::details::model::DetailsModel;
use super::strings::{Language, Words};
use super::theme::{self, Scale, Theme};
use super::widgets::ribbon;
use crate::runtime::messages::{Command, Notice, Seat, Snapshot};
use crate::workflow::view::{FlowKind, FlowView, Step, StepView};
use egui::{Rect, Ui};

/// How a window starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Who stands at the screen.
    pub seat: Seat,
    /// Light or dark.
    pub theme: Theme,
    /// Language of the words.
    pub language: Language,
    /// Whether transitions are skipped.
    pub reduced_motion: bool,
    /// Whether the on-screen keyboard is shown at first.
    pub keyboard: bool,
    /// Full screen, without a frame.
    pub full_screen: bool,
}

impl Options {
    /// The usual options of a seat: a kiosk fills the screen and has no physical keyboard.
    #[must_use]
    pub const fn of(seat: Seat) -> Self {
        let kiosk = matches!(seat, Seat::Kiosk);
        Self { seat, theme: Theme::Light, language: Language::English, reduced_motion: false, keyboard: kiosk, full_screen: kiosk }
    }
}

/// The state of a window that is not the application's: everything here may be lost without harm.
pub struct Window {
    options: Options,
    words: Words,
    pictures: Pictures,
    details: DetailsModel,
    step: Option<(FlowKind, Step)>,
}

impl Window {
    /// A window that was never drawn.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, words: Words::new(options.language), pictures: Pictures::default(), details: DetailsModel::default(), step: None }
    }

    /// Options in force.
    #[must_use]
    pub const fn options(&self) -> Options {
        self.options
    }

    /// Changes the options from the next pass on.
    pub fn set_options(&mut self, options: Options) {
        self.options = options;
    }

    /// Takes an answer of the application.
    pub fn receive(&mut self, notice: Notice) {
        if let Notice::Picture(subject, _, frame) = notice {
            self.pictures.arrived(subject, frame);
        }
    }

    /// Draws one pass.
    pub fn show(&mut self, ui: &mut Ui, snapshot: &Snapshot, send: &mut dyn FnMut(Command)) {
        if self.words.language() != self.options.language {
            self.words = Words::new(self.options.language);
        }
        let screen = ui.ctx().content_rect();
        let scale = match self.options.seat {
            Seat::Kiosk => Scale::kiosk(screen.size()),
            Seat::Desk => Scale::desk(screen.size()),
        };
        let look = Look {
            theme: self.options.theme,
            palette: self.options.theme.palette(),
            scale,
            words: self.words.clone(),
            seat: self.options.seat,
            reduced_motion: self.options.reduced_motion,
        };
        theme::apply(ui.ctx(), look.theme, &scale, look.reduced_motion);
        ui.painter().rect_filled(screen, 0.0, look.palette.surface);
        match &snapshot.flow {
            Some(flow) => self.flow(ui, &look, screen, flow, snapshot, send),
            None => {
                self.pictures.forget_live();
                self.step = None;
                self.details = DetailsModel::default();
                screens::attract::view::attract_ui(ui, &look, screen, &mut self.options.language, send);
            }
        }
        if snapshot.status.practice {
            ribbon::practice(ui, &look, screen);
        }
    }

    fn flow(&mut self, ui: &mut Ui, look: &Look, area: Rect, flow: &FlowView, snapshot: &Snapshot, send: &mut dyn FnMut(Command)) {
        let live: Option<Shown> = snapshot.preview.as_ref().map(|captured| self.pictures.live(ui.ctx(), captured));
        let step = Some((flow.flow, flow.current));
        if self.step != step {
            // Nothing of the step before is kept: typed text least of all.
            self.step = step;
            self.details = DetailsModel::fresh();
        }
        let pictures = &mut self.pictures;
        match &flow.view {
            StepView::Consent => screens::consent::view::consent_ui(ui, look, area, flow, send),
            StepView::Details(view) => {
                let keyboard = &mut self.options.keyboard;
                screens::details::view::details_ui(ui, look, area, flow, view, &mut self.details, keyboard, send);
            }
            StepView::Face(view) => screens::face::view::face_ui(ui, look, area, view, flow.practice, live, send),
            StepView::Working { what_key } => screens::working::view::working_ui(ui, look, area, flow, what_key),
            StepView::Review(view) => screens::review::view::review_ui(ui, look, area, flow, view, pictures, send),
            StepView::Outcome { outcome, returns_in } => {
                screens::result::view::result_ui(ui, look, area, flow, outcome, *returns_in, pictures, send);
            }
            StepView::Trouble(view) => screens::trouble::view::trouble_ui(ui, look, area, view, send),
        }
    }
}
