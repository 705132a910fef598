//! What the document screen says: the one instruction with its icon, how the outline looks, which sides are there, what Enter does.

use crate::ui::strings::Words;
use crate::workflow::document_capture::Side;
use crate::workflow::document_capture::instruction::Instruction;
use crate::workflow::view::DocumentView;
use lucide_icons::Icon;

/// Support code of a capture whose time was up.
const TIMED_OUT: &str = "DOC-62";

/// How the outline around the document looks, and the ring that fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outline {
    /// Something is to be changed.
    Guiding,
    /// It lies well: the ring fills.
    Good,
}

/// What Enter and the main button do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Primary {
    /// Take the next frame as it is.
    Take,
    /// Begin the capture again.
    Again,
}

/// A side that is there, or is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideCard {
    /// Its name.
    pub label: String,
    /// Whether it is taken.
    pub taken: bool,
}

/// Words and states of the screen.
#[derive(Debug, Clone)]
pub struct DocumentWords {
    /// The one instruction.
    pub instruction: String,
    /// Its icon.
    pub icon: Icon,
    /// How the outline looks.
    pub outline: Outline,
    /// 0-1: how much of the run of good frames is there.
    pub progress: f32,
    /// Whether the document is to be turned over.
    pub turning: bool,
    /// What was wrong last time or stands against a picture now, and its code.
    pub refusal: Option<(String, String)>,
    /// What the main button does.
    pub primary: Primary,
    /// Whether the main button can be pressed now.
    pub can_take: bool,
    /// Whether a picture file can be opened now.
    pub can_open: bool,
    /// Whether somebody may say that there is no other side.
    pub can_skip: bool,
    /// Whether the sides taken can be thrown away.
    pub can_restart: bool,
    /// Sides, the first one first; empty before one was taken.
    pub sides: Vec<SideCard>,
}

/// Icon of an instruction.
#[must_use]
pub const fn icon(instruction: Instruction) -> Icon {
    match instruction {
        Instruction::ShowDocument => Icon::IdCard,
        Instruction::OneDocument => Icon::Files,
        Instruction::WholeDocument => Icon::Move,
        Instruction::Closer => Icon::ZoomIn,
        Instruction::Farther => Icon::ZoomOut,
        Instruction::Flatten => Icon::Square,
        Instruction::TurnRound => Icon::RotateCw,
        Instruction::MoreLight => Icon::SunDim,
        Instruction::LessLight => Icon::Sun,
        Instruction::AvoidGlare => Icon::Sparkles,
        Instruction::HoldSteady => Icon::Hand,
        Instruction::Focus => Icon::Focus,
        Instruction::ShowZone => Icon::BookOpen,
        Instruction::HoldStill => Icon::Check,
        Instruction::TurnOver => Icon::FlipHorizontal,
    }
}

/// Words for a view; `has_picture`: live frames are shown.
#[must_use]
pub fn words(words: &Words, view: &DocumentView, has_picture: bool) -> DocumentWords {
    let capture = view.capture.as_ref();
    let running = capture.is_none_or(|c| c.side.is_some());
    let timed_out = capture.is_some_and(|c| c.code == Some(TIMED_OUT));
    let asked = capture.map_or(Instruction::ShowDocument, |c| c.instruction);
    let waits = view.stated.as_ref().is_some_and(|stated| stated.waited_for);
    let (key, icon) = if waits {
        ("document-stated-waiting", Icon::PenLine)
    } else if view.reading {
        ("document-reading", Icon::ScanLine)
    } else if !view.live {
        ("document-no-camera", Icon::CameraOff)
    } else if timed_out {
        ("document-timed-out", Icon::Timer)
    } else if !running && view.refusal.is_some() {
        ("document-not-usable", Icon::TriangleAlert)
    } else {
        (asked.locale_key(), icon(asked))
    };
    let coded = |text: String, code: &'static str| (text, words.with("result-support", &[("code", code)]));
    let refusal = match (&view.refusal, capture.and_then(|c| c.code)) {
        (Some(refusal), _) => Some(coded(words.advice(refusal.advice), refusal.advice.code)),
        (None, Some(code)) if timed_out => Some(coded(words.t("document-timed-out-line"), code)),
        (None, Some(code)) => Some(coded(words.t("document-no-frames"), code)),
        (None, None) => None,
    };
    let good = running && asked == Instruction::HoldStill && has_picture;
    let second = capture.is_some_and(|c| c.side == Some(Side::Second));
    DocumentWords {
        instruction: words.t(key),
        icon,
        outline: if good { Outline::Good } else { Outline::Guiding },
        progress: capture.map_or(0.0, |c| c.progress),
        turning: !view.reading && capture.is_some_and(|c| c.turning),
        refusal: refusal.filter(|_| !view.reading),
        primary: if running { Primary::Take } else { Primary::Again },
        can_take: view.live && !view.reading && !waits && (has_picture || !running),
        can_open: !view.reading && !waits,
        can_skip: second && !view.reading,
        // Where the large button begins again, one is enough.
        can_restart: !view.pages.is_empty() && !view.reading && running,
        sides: sides(words, view.pages.len(), second),
    }
}

fn sides(words: &Words, taken: usize, second_wanted: bool) -> Vec<SideCard> {
    let names = ["document-side-first", "document-side-second"];
    let shown = if second_wanted { 2 } else { taken.min(2) };
    (0..shown).map(|i| SideCard { label: words.t(names[i]), taken: i < taken }).collect()
}

/// Hints beside the picture.
pub const HINTS: [&str; 4] = ["document-hint-side", "document-hint-flat", "document-hint-close", "document-hint-still"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advice::Advice;
    use crate::geometry::Size;
    use crate::imaging::Frame;
    use crate::ui::strings::Language;
    use crate::workflow::document::DocumentRefusal;
    use crate::workflow::document_capture::DocumentCaptureView;
    use std::sync::Arc;

    fn capture(side: Option<Side>, instruction: Instruction, code: Option<&'static str>) -> DocumentCaptureView {
        DocumentCaptureView {
            instruction,
            progress: 0.5,
            frame_size: None,
            outline: None,
            glare: None,
            side,
            turning: instruction == Instruction::TurnOver,
            time_left: None,
            finished: false,
            code,
        }
    }

    fn said(view: &DocumentView, has_picture: bool) -> DocumentWords {
        words(&Words::new(Language::English), view, has_picture)
    }

    #[test]
    fn a_frame_is_taken_only_from_a_live_picture_and_one_at_a_time() {
        let can = |reading, live, picture| {
            let said = said(&DocumentView { reading, live, ..DocumentView::default() }, picture);
            (said.can_take, said.can_open)
        };
        assert_eq!(can(false, true, true), (true, true));
        assert_eq!(can(false, true, false), (false, true));
        assert_eq!(can(false, false, true), (false, true));
        assert_eq!(can(true, true, true), (false, false));
    }

    #[test]
    fn a_refusal_says_the_next_step_and_its_code() {
        let refusal = DocumentRefusal { message: "x".to_owned(), advice: Advice::input("DOC-58", "Lay it flat.") };
        let said = said(&DocumentView { refusal: Some(refusal), live: true, ..DocumentView::default() }, true);
        let (step, code) = said.refusal.unwrap();
        assert_eq!(step, "Lay it flat.");
        assert!(code.contains("DOC-58"));
    }

    #[test]
    fn the_outline_is_good_only_while_everything_complies() {
        let view = |instruction| DocumentView {
            live: true,
            capture: Some(capture(Some(Side::First), instruction, None)),
            ..DocumentView::default()
        };
        for instruction in Instruction::ALL {
            let good = said(&view(instruction), true).outline == Outline::Good;
            assert_eq!(good, instruction == Instruction::HoldStill, "{instruction:?}");
        }
        assert_eq!(said(&view(Instruction::HoldStill), false).outline, Outline::Guiding, "without a picture nothing is well");
    }

    #[test]
    fn sides_are_named_and_the_other_one_may_be_skipped_only_when_it_is_wanted() {
        let page = Arc::new(Frame::filled(Size::new(4, 3), [9; 3]));
        let view = |side, pages: usize| DocumentView {
            live: true,
            capture: Some(capture(side, Instruction::TurnOver, None)),
            pages: vec![Arc::clone(&page); pages],
            ..DocumentView::default()
        };
        let first = said(&view(Some(Side::First), 0), true);
        assert_eq!((first.sides.len(), first.can_skip, first.can_restart), (0, false, false));
        let second = said(&view(Some(Side::Second), 1), true);
        assert_eq!(second.sides.iter().map(|s| s.taken).collect::<Vec<_>>(), [true, false]);
        assert!(second.can_skip && second.can_restart && second.turning);
    }

    #[test]
    fn an_ended_capture_offers_to_begin_again_and_a_lost_camera_does_not() {
        let view = |live, code| DocumentView { live, capture: Some(capture(None, Instruction::Closer, code)), ..DocumentView::default() };
        let over = said(&view(true, Some("DOC-62")), false);
        assert_eq!((over.primary, over.can_take, over.instruction.as_str()), (Primary::Again, true, "No picture came about in time."));
        let lost = said(&view(false, Some("CAM-04")), false);
        assert_eq!((lost.can_take, lost.can_open), (false, true));
        assert!(lost.refusal.is_some_and(|(_, code)| code.contains("CAM-04")));
    }
}
