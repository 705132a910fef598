//! Whether a face does what it is asked, in order and in time: the neutral face, then for each gesture onset, hold and return.

use super::gesture::{Baseline, Gesture, GestureLimits};
use crate::biometrics::pad::look::Look;
use crate::units::Moment;
use std::time::Duration;

/// How gestures are judged. Times are picked by hand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JudgeRules {
    /// What a gesture has to reach.
    pub limits: GestureLimits,
    /// Neutral looks in a row that make the baseline.
    pub neutral: usize,
    /// Looks in a row that hold a gesture; a blink needs one.
    pub hold: u32,
    /// Looks in a row back near the neutral face.
    pub back: u32,
    /// Longest wait for the neutral face.
    pub settle: Duration,
    /// Longest time for one gesture, its return included.
    pub gesture: Duration,
    /// Reaching the gesture sooner after it was shown is foreknowledge: people take 200 ms and more.
    pub reaction: Duration,
    /// Longest time without the face.
    pub gap: Duration,
}

impl Default for JudgeRules {
    fn default() -> Self {
        Self {
            limits: GestureLimits::default(),
            neutral: 5,
            hold: 2,
            back: 2,
            settle: Duration::from_secs(6),
            gesture: Duration::from_secs(5),
            reaction: Duration::from_millis(150),
            gap: Duration::from_millis(900),
        }
    }
}

/// Why a sequence was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Another gesture came first.
    WrongGesture,
    /// The right gesture came before anybody could have reacted.
    TooEarly,
    /// Its time was up.
    TimedOut,
    /// The face was away for too long.
    FaceLost,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Stage {
    /// Waiting for the neutral face.
    Settling {
        since: Moment,
    },
    /// Neutral for a while that nobody knows: who goes on by themselves, as a recording does, is found out.
    Pausing {
        until: Moment,
        moved: u32,
    },
    /// The gesture is shown.
    Asked {
        since: Moment,
        held: u32,
        wrong: u32,
        blinks: u32,
        closed: bool,
        progress: f32,
        unasked: Unasked,
    },
    /// Done; on the way back.
    Returning {
        since: Moment,
        back: u32,
    },
    Finished,
    Failed(Failure),
}

/// Gestures within the face that may happen by chance: only a whole one, there and back, is a wrong one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Unasked {
    smiling: u32,
    closed: bool,
    last_blink: Option<Moment>,
}

/// Reach from which on a smile that nobody asked for is one: mouths that rest were seen to come to 1.2.
const BROAD: f32 = 1.5;

/// Two blinks so soon after another are no chance.
const TWICE: Duration = Duration::from_millis(1300);

impl Unasked {
    /// Takes note of a look and returns whether a whole gesture other than `asked` was seen.
    fn look(&mut self, asked: Gesture, smile: f32, blink: f32, own: Moment, hold: u32) -> bool {
        let smiled = asked != Gesture::Smile && self.smiling >= hold && smile < 0.4;
        self.smiling = if smile >= BROAD {
            self.smiling + 1
        } else if smile < 0.4 {
            0
        } else {
            self.smiling
        };
        let opened = self.closed && blink < 0.5;
        self.closed = if blink >= 1.0 { true } else { self.closed && !opened };
        let twice = opened && self.last_blink.is_some_and(|last| own.since(last) < TWICE);
        if opened {
            self.last_blink = Some(own);
        }
        smiled || (twice && asked != Gesture::Blink)
    }
}

/// Judges one sequence.
#[derive(Debug, Clone)]
pub struct Judge {
    rules: JudgeRules,
    gestures: Vec<Gesture>,
    /// Before each gesture.
    pauses: Vec<Duration>,
    at: usize,
    neutral: Vec<Look>,
    base: Option<Baseline>,
    last_look: Option<Moment>,
    stage: Stage,
}

impl Judge {
    /// A judge of a sequence that begins now. An empty sequence is never finished.
    #[must_use]
    pub const fn new(rules: JudgeRules, gestures: Vec<Gesture>, own: Moment) -> Self {
        Self {
            rules,
            gestures,
            pauses: Vec::new(),
            at: 0,
            neutral: Vec::new(),
            base: None,
            last_look: None,
            stage: Stage::Settling { since: own },
        }
    }

    /// With a pause before each gesture; none where there are too few.
    #[must_use]
    pub fn with_pauses(self, pauses: Vec<Duration>) -> Self {
        Self { pauses, ..self }
    }

    /// The sequence.
    #[must_use]
    pub fn gestures(&self) -> &[Gesture] {
        &self.gestures
    }

    /// Position of the current gesture; the number of gestures once all are done.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.at
    }

    /// Looks that made the baseline.
    #[must_use]
    pub fn neutral(&self) -> &[Look] {
        &self.neutral
    }

    /// How far a face has come with a smile, 1 where it is reached; `None` before the neutral face was seen.
    #[must_use]
    pub fn smile(&self, look: &Look) -> Option<f32> {
        Some(self.rules.limits.progress(Gesture::Smile, look, &self.base?))
    }

    /// Whether everything was done.
    #[must_use]
    pub const fn is_finished(&self) -> bool {
        matches!(self.stage, Stage::Finished)
    }

    /// Why it failed.
    #[must_use]
    pub const fn failure(&self) -> Option<Failure> {
        match self.stage {
            Stage::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// The gesture on screen: none while the neutral face is awaited.
    #[must_use]
    pub fn shown(&self) -> Option<Gesture> {
        match self.stage {
            Stage::Asked { .. } | Stage::Returning { .. } => self.gestures.get(self.at).copied(),
            _ => None,
        }
    }

    /// Whether the gesture on screen is done and only the return is awaited.
    #[must_use]
    pub const fn is_acknowledged(&self) -> bool {
        matches!(self.stage, Stage::Returning { .. } | Stage::Finished)
    }

    /// Whether the neutral face is seen: the moment to keep a picture.
    #[must_use]
    pub const fn is_neutral(&self) -> bool {
        matches!(self.stage, Stage::Settling { .. } | Stage::Pausing { moved: 0, .. })
            || matches!(self.stage, Stage::Asked { held: 0, closed: false, progress, .. } if progress < 0.25)
    }

    /// How far the gesture on screen is, [0, 1].
    #[must_use]
    pub fn progress(&self) -> f32 {
        match self.stage {
            Stage::Settling { .. } => self.neutral.len() as f32 / self.rules.neutral.max(1) as f32,
            Stage::Pausing { .. } => 0.0,
            Stage::Asked { blinks: 1, progress, .. } => 0.5 + 0.5 * progress.clamp(0.0, 1.0),
            Stage::Asked { progress, .. } => progress.clamp(0.0, 1.0),
            Stage::Returning { .. } | Stage::Finished => 1.0,
            Stage::Failed(_) => 0.0,
        }
        .clamp(0.0, 1.0)
    }

    /// Time left for what is on screen, [0, 1].
    #[must_use]
    pub fn time_left(&self, own: Moment) -> f32 {
        match (self.deadline(), self.limit()) {
            (Some(deadline), Some(limit)) => (deadline.since(own).as_secs_f32() / limit.as_secs_f32().max(1e-3)).clamp(0.0, 1.0),
            _ => 0.0,
        }
    }

    /// When [`Self::tick`] is due.
    #[must_use]
    pub fn deadline(&self) -> Option<Moment> {
        match self.stage {
            Stage::Settling { since } | Stage::Asked { since, .. } | Stage::Returning { since, .. } => self.limit().map(|l| since + l),
            Stage::Pausing { until, .. } => self.limit().map(|l| until + l),
            Stage::Finished | Stage::Failed(_) => None,
        }
    }

    const fn limit(&self) -> Option<Duration> {
        match self.stage {
            Stage::Settling { .. } | Stage::Pausing { .. } => Some(self.rules.settle),
            Stage::Asked { .. } | Stage::Returning { .. } => Some(self.rules.gesture),
            Stage::Finished | Stage::Failed(_) => None,
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, own: Moment) {
        if self.deadline().is_some_and(|deadline| own >= deadline) {
            self.stage = Stage::Failed(Failure::TimedOut);
        }
    }

    /// Puts another gesture in place of the one on screen; `false` when none is on screen or it is done already.
    pub fn replace(&mut self, by: Gesture, own: Moment) -> bool {
        let Stage::Asked { .. } = self.stage else { return false };
        let Some(current) = self.gestures.get_mut(self.at) else { return false };
        *current = by;
        self.stage = asked(own);
        true
    }

    /// Judges one look. Looks must come in the order of time.
    pub fn look(&mut self, look: &Look, own: Moment) {
        self.tick(own);
        let away = self.last_look.replace(own).is_some_and(|last| own.since(last) > self.rules.gap);
        if away && !matches!(self.stage, Stage::Finished | Stage::Failed(_) | Stage::Settling { .. }) {
            self.stage = Stage::Failed(Failure::FaceLost);
        }
        match self.stage {
            Stage::Settling { since } => self.settle(look, since, own),
            Stage::Pausing { until, moved } => self.pause(look, until, moved, own),
            Stage::Asked { .. } => self.watch(look, own),
            Stage::Returning { since, back } => self.come_back(look, since, back, own),
            Stage::Finished | Stage::Failed(_) => {}
        }
    }

    fn settle(&mut self, look: &Look, since: Moment, own: Moment) {
        let steady = self.neutral.last().is_none_or(|last| {
            (last.pose.yaw - look.pose.yaw).abs() < 4.0
                && (last.pose.pitch - look.pose.pitch).abs() < 4.0
                && (last.size / look.size - 1.0).abs() < 0.06
                && look.eyes[0].max(look.eyes[1]) > 0.6 * last.eyes[0].max(last.eyes[1])
        });
        let straight = look.pose.yaw.abs() < 16.0 && look.pose.pitch.abs() < 22.0;
        if !steady || !straight {
            self.neutral.clear();
        }
        if straight {
            self.neutral.push(look.clone());
        }
        self.stage = Stage::Settling { since };
        if self.neutral.len() >= self.rules.neutral
            && !self.gestures.is_empty()
            && let Some(base) = Baseline::of(&self.neutral)
        {
            self.base = Some(base);
            self.stage = self.pausing(own);
        }
    }

    fn pausing(&self, own: Moment) -> Stage {
        match self.pauses.get(self.at) {
            Some(pause) if !pause.is_zero() => Stage::Pausing { until: own + *pause, moved: 0 },
            _ => asked(own),
        }
    }

    fn pause(&mut self, look: &Look, until: Moment, moved: u32, own: Moment) {
        let Some(base) = self.base else { return };
        let moves = Gesture::ALL.into_iter().filter(|g| g.is_deliberate()).any(|g| self.rules.limits.progress(g, look, &base) >= 1.0);
        let moved = if moves { moved + 1 } else { 0 };
        self.stage = match () {
            () if moved >= self.rules.hold => Stage::Failed(Failure::TooEarly),
            () if own >= until && moved == 0 => asked(own),
            () => Stage::Pausing { until, moved },
        };
    }

    fn watch(&mut self, look: &Look, own: Moment) {
        let (Stage::Asked { since, mut held, mut wrong, mut blinks, mut closed, mut unasked, .. }, Some(base)) = (self.stage, self.base)
        else {
            return;
        };
        let Some(gesture) = self.gestures.get(self.at).copied() else { return };
        let far = |g: Gesture| self.rules.limits.progress(g, look, &base);
        let progress = far(gesture);
        if gesture == Gesture::Blink {
            if progress >= 1.0 {
                closed = true;
            } else if closed && progress < 0.5 {
                (closed, blinks) = (false, blinks + 1);
            }
            held = if blinks >= 2 { self.rules.hold } else { 0 };
        } else {
            held = if progress >= 1.0 { held + 1 } else { 0 };
        }
        // A head that turns also nods a little: what is asked for has to be clearly absent, and the other clearly there.
        let other = Gesture::ALL.into_iter().filter(|g| *g != gesture && g.is_deliberate()).any(|g| far(g) >= 1.15);
        let whole = unasked.look(gesture, far(Gesture::Smile), far(Gesture::Blink), own, self.rules.hold);
        wrong = if whole && progress < 0.5 {
            self.rules.hold
        } else if other && progress < 0.5 {
            wrong + 1
        } else {
            0
        };
        let early = gesture.is_deliberate() && progress >= 1.0 && own.since(since) < self.rules.reaction;
        self.stage = match () {
            () if early => Stage::Failed(Failure::TooEarly),
            () if wrong >= self.rules.hold => Stage::Failed(Failure::WrongGesture),
            () if held >= self.rules.hold => Stage::Returning { since, back: 0 },
            () => Stage::Asked { since, held, wrong, blinks, closed, progress, unasked },
        };
    }

    fn come_back(&mut self, look: &Look, since: Moment, back: u32, own: Moment) {
        let (Some(base), Some(gesture)) = (self.base, self.gestures.get(self.at).copied()) else { return };
        let near = |g: Gesture| self.rules.limits.progress(g, look, &base);
        let pose = [Gesture::TurnLeft, Gesture::TurnRight, Gesture::LookUp, Gesture::LookDown];
        let neutral = near(gesture) < 0.5 && pose.into_iter().all(|g| near(g) < 0.7);
        let back = if neutral { back + 1 } else { 0 };
        self.stage = Stage::Returning { since, back };
        if back >= self.rules.back {
            self.at += 1;
            self.stage = if self.at >= self.gestures.len() { Stage::Finished } else { self.pausing(own) };
        }
    }
}

const fn asked(since: Moment) -> Stage {
    let unasked = Unasked { smiling: 0, closed: false, last_blink: None };
    Stage::Asked { since, held: 0, wrong: 0, blinks: 0, closed: false, progress: 0.0, unasked }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::pad::test_looks::look;
    use crate::workflow::challenge::actor::perform;

    fn ms(millis: u64) -> Moment {
        Moment::from_millis(millis)
    }

    /// Plays a face that does `acts` one after the other, each when the judge asks for anything, at 30 frames/s.
    fn play(asked: &[Gesture], acts: &[Gesture]) -> (Judge, u64) {
        let mut judge = Judge::new(JudgeRules::default(), asked.to_vec(), ms(0));
        let (mut begun, mut done): (Option<u64>, usize) = (None, 0);
        for i in 0..1500u64 {
            let now = i * 33;
            if judge.shown().is_some() && !judge.is_acknowledged() && begun.is_none() && judge.position() >= done {
                begun = Some(now + 300);
            }
            let mut l = look(i, now);
            if let (Some(start), Some(act)) = (begun, acts.get(done)) {
                let t = (now as f32 - start as f32) / 1000.0;
                perform(*act, t, &mut l);
                if t > 1.6 {
                    (begun, done) = (None, done + 1);
                }
            }
            judge.look(&l, ms(now));
            if judge.is_finished() || judge.failure().is_some() {
                return (judge, now);
            }
        }
        (judge, 50_000)
    }

    #[test]
    fn every_gesture_is_recognised_and_takes_no_long_time() {
        for gesture in Gesture::ALL {
            let (judge, took) = play(&[gesture], &[gesture]);
            assert!(judge.is_finished(), "{gesture:?}: {:?}", judge.failure());
            assert!(took < 3000, "{gesture:?} took {took} ms");
        }
    }

    #[test]
    fn a_sequence_in_order_is_done() {
        use Gesture::{Blink, ComeCloser, TurnRight};
        let (judge, took) = play(&[TurnRight, Blink, ComeCloser], &[TurnRight, Blink, ComeCloser]);
        assert!(judge.is_finished() && took < 8000, "{took} ms, {:?}", judge.failure());
    }

    #[test]
    fn another_gesture_first_fails() {
        for (asked, done) in [
            (Gesture::TurnLeft, Gesture::TurnRight),
            (Gesture::Smile, Gesture::LookUp),
            (Gesture::Blink, Gesture::OpenMouth),
            (Gesture::LookDown, Gesture::ComeCloser),
        ] {
            assert_eq!(play(&[asked], &[done]).0.failure(), Some(Failure::WrongGesture), "{done:?} for {asked:?}");
        }
        for whole in [Gesture::Smile, Gesture::Blink] {
            assert_eq!(play(&[Gesture::TurnLeft], &[whole]).0.failure(), Some(Failure::WrongGesture), "{whole:?}, there and back");
        }
    }

    #[test]
    fn people_may_blink_once_and_begin_to_smile() {
        let mut judge = Judge::new(JudgeRules::default(), vec![Gesture::TurnLeft], ms(0));
        for i in 0..100u64 {
            let mut l = look(i, i * 33);
            if (20..24).contains(&i) || (80..84).contains(&i) {
                l.eyes = [0.03; 2];
            }
            if i > 30 {
                l.mouth_width *= 1.2;
            }
            judge.look(&l, ms(i * 33));
        }
        assert_eq!((judge.failure(), judge.shown()), (None, Some(Gesture::TurnLeft)));
    }

    #[test]
    fn doing_nothing_times_out() {
        let (judge, took) = play(&[Gesture::Smile], &[]);
        assert_eq!(judge.failure(), Some(Failure::TimedOut));
        assert!((5000..6000).contains(&took), "{took}");
    }

    #[test]
    fn one_blink_is_not_two() {
        let mut judge = Judge::new(JudgeRules::default(), vec![Gesture::Blink], ms(0));
        for i in 0..80u64 {
            let mut l = look(i, i * 33);
            if (20..24).contains(&i) {
                l.eyes = [0.03; 2];
            }
            judge.look(&l, ms(i * 33));
        }
        assert!(!judge.is_finished());
        assert!((judge.progress() - 0.5).abs() < 0.01, "half of it is done");
    }

    #[test]
    fn reacting_faster_than_people_can_is_foreknowledge() {
        let mut judge = Judge::new(JudgeRules::default(), vec![Gesture::TurnLeft], ms(0));
        for i in 0..5u64 {
            judge.look(&look(i, i * 33), ms(i * 33));
        }
        assert_eq!(judge.shown(), Some(Gesture::TurnLeft));
        let mut l = look(6, 200);
        l.pose.yaw = 20.0;
        judge.look(&l, ms(200));
        assert_eq!(judge.failure(), Some(Failure::TooEarly));
    }

    #[test]
    fn a_face_that_goes_away_fails_and_one_that_never_settles_times_out() {
        let mut judge = Judge::new(JudgeRules::default(), vec![Gesture::TurnLeft], ms(0));
        for i in 0..10u64 {
            judge.look(&look(i, i * 33), ms(i * 33));
        }
        judge.look(&look(11, 1500), ms(1500));
        assert_eq!(judge.failure(), Some(Failure::FaceLost));
        let mut judge = Judge::new(JudgeRules::default(), vec![Gesture::TurnLeft], ms(0));
        for i in 0..400u64 {
            let mut l = look(i, i * 33);
            l.pose.yaw = if i % 2 == 0 { 8.0 } else { -8.0 };
            judge.look(&l, ms(i * 33));
        }
        assert_eq!(judge.failure(), Some(Failure::TimedOut));
    }

    #[test]
    fn moving_on_before_anything_is_asked_is_foreknowledge() {
        let pauses = vec![Duration::from_millis(900)];
        let mut judge = Judge::new(JudgeRules::default(), vec![Gesture::TurnLeft], ms(0)).with_pauses(pauses);
        for i in 0..20u64 {
            judge.look(&look(i, i * 33), ms(i * 33));
        }
        assert_eq!((judge.shown(), judge.failure()), (None, None), "the pause is not over");
        for i in 20..24u64 {
            let mut l = look(i, i * 33);
            l.pose.yaw = 18.0;
            judge.look(&l, ms(i * 33));
        }
        assert_eq!(judge.failure(), Some(Failure::TooEarly));
    }

    #[test]
    fn another_gesture_can_take_the_place_of_the_one_on_screen() {
        let mut judge = Judge::new(JudgeRules::default(), vec![Gesture::TurnLeft], ms(0));
        assert!(!judge.replace(Gesture::Smile, ms(0)), "nothing is on screen yet");
        for i in 0..6u64 {
            judge.look(&look(i, i * 33), ms(i * 33));
        }
        assert!(judge.replace(Gesture::Smile, ms(3000)));
        assert_eq!(judge.gestures(), [Gesture::Smile]);
        assert!((judge.time_left(ms(3000)) - 1.0).abs() < 1e-3, "its time begins anew");
    }
}
