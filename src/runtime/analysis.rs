//! The analysis thread: takes the newest frame, observes it, publishes what it saw; assesses bursts between frames.

use super::SayDone;
use super::assessment::Observer;
use super::camera::FrameSlots;
use super::mailbox::Mailbox;
use super::messages::Waker;
use crate::biometrics::observation::Observation;
use crate::biometrics::pad::PadLayer;
use crate::biometrics::template::Template;
use crate::ports::camera::CapturedFrame;
use crate::workflow::capture::event::{AssessmentFailure, AttemptId, Fault, Shot};
use crate::workflow::capture_profile::CaptureProfile;
use crate::workflow::document::{DocumentRead, DocumentRefusal, DocumentSource};
use crate::workflow::flow::event::{BurstAssessment, RequestId};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Questions that may wait: one flow asks for one assessment at a time.
const QUEUE: usize = 32;
/// Answers that may wait to be polled.
const ANSWERS: usize = 32;

/// A frame with what was observed in it.
#[derive(Debug, Clone)]
pub struct Observed {
    /// The frame.
    pub frame: CapturedFrame,
    /// Made from that frame.
    pub observation: Arc<Observation>,
}

/// An answer of the thread.
#[derive(Debug)]
pub enum AnalysisAnswer {
    /// A burst was assessed.
    Assessed(AttemptId, Box<Result<BurstAssessment, AssessmentFailure>>),
    /// Pictures of a challenge were assessed.
    ChallengeAssessed(AttemptId, Result<Vec<PadLayer>, AssessmentFailure>),
    /// A document was read, or not.
    DocumentRead(RequestId, Result<Box<DocumentRead>, DocumentRefusal>),
    /// A network failed on a frame; said once until a frame succeeds.
    Failed(Fault),
    /// Frames can be observed again.
    Recovered,
}

enum Question {
    /// A frame is in the slot, or the profile changed.
    Look,
    Assess(AttemptId, Vec<Shot>),
    AssessChallenge(AttemptId, Vec<Shot>, Vec<Template>),
    ReadDocument(RequestId, DocumentSource, Option<Box<DocumentRead>>),
}

struct Shared {
    profile: Mutex<Arc<CaptureProfile>>,
    observed: Mailbox<Observed>,
    /// Whether a `Look` waits already; one is enough for the newest frame.
    look_waits: AtomicBool,
    /// Whether frames are left alone.
    resting: AtomicBool,
    done: Arc<AtomicBool>,
    waker: Waker,
}

/// The thread's handle.
///
/// # Threads
/// Belongs to one thread; nothing here blocks but [`Self::shut_down`].
pub struct AnalysisWorker {
    questions: Option<SyncSender<Question>>,
    answers: Receiver<AnalysisAnswer>,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl AnalysisWorker {
    /// Starts the thread. Returns it with the slots for the camera's frames.
    ///
    /// # Errors
    /// The system's error when no thread can be started.
    pub fn start(mut observer: Box<dyn Observer>, profile: Arc<CaptureProfile>, waker: Waker) -> std::io::Result<(Self, FrameSlots)> {
        let (questions, queue) = sync_channel(QUEUE);
        let (answer, answers) = sync_channel(ANSWERS);
        let shared = Arc::new(Shared {
            profile: Mutex::new(profile),
            observed: Mailbox::default(),
            look_waits: AtomicBool::new(false),
            resting: AtomicBool::new(false),
            done: Arc::default(),
            waker,
        });
        // A weak end: the slots outlive the worker in the camera's hands, and the thread ends when the last question cannot come.
        let nudge = {
            let (questions, shared) = (SyncSender::clone(&questions), Arc::downgrade(&shared));
            move || {
                if let Some(shared) = shared.upgrade()
                    && !shared.done.load(Ordering::Acquire)
                    && !shared.look_waits.swap(true, Ordering::AcqRel)
                    && questions.try_send(Question::Look).is_err()
                {
                    shared.look_waits.store(false, Ordering::Release);
                }
            }
        };
        let slots = FrameSlots { preview: Mailbox::default(), analysis: Mailbox::new(Some(Arc::new(nudge))) };
        let say_done = SayDone { done: Arc::clone(&shared.done), waker: Arc::clone(&shared.waker) };
        let (own, frames) = (Arc::clone(&shared), slots.analysis.clone());
        let thread = std::thread::Builder::new().name("analysis".to_owned()).spawn(move || {
            let _say_done = say_done;
            work(&mut *observer, &own, &frames, &queue, &answer);
        })?;
        Ok((Self { questions: Some(questions), answers, shared, thread: Some(thread) }, slots))
    }

    /// Looks at frames by another profile from the next one on.
    pub fn use_profile(&self, profile: Arc<CaptureProfile>) {
        *self.shared.profile.lock().unwrap_or_else(PoisonError::into_inner) = profile;
    }

    /// Leaves frames alone (`true`), because others look at them, or observes them again. Questions are answered all the same.
    pub fn rest(&self, resting: bool) {
        self.shared.resting.store(resting, Ordering::Release);
    }

    /// Asks for the assessment of a burst. `false` when the thread is gone or overwhelmed: there will be no answer.
    #[must_use]
    pub fn assess(&self, attempt: AttemptId, shots: Vec<Shot>) -> bool {
        self.questions.as_ref().is_some_and(|q| q.try_send(Question::Assess(attempt, shots)).is_ok())
    }

    /// The same for pictures of a challenge and the templates of the burst before it.
    #[must_use]
    pub fn assess_challenge(&self, attempt: AttemptId, shots: Vec<Shot>, templates: Vec<Template>) -> bool {
        self.questions.as_ref().is_some_and(|q| q.try_send(Question::AssessChallenge(attempt, shots, templates)).is_ok())
    }

    /// Reads a document; answered by [`AnalysisAnswer::DocumentRead`]. Returns whether the question was taken.
    #[must_use]
    pub fn read_document(&self, request: RequestId, source: DocumentSource, before: Option<Box<DocumentRead>>) -> bool {
        self.questions.as_ref().is_some_and(|q| q.try_send(Question::ReadDocument(request, source, before)).is_ok())
    }

    /// The newest frame observed since the last call.
    #[must_use]
    pub fn take_observed(&self) -> Option<Observed> {
        self.shared.observed.take()
    }

    /// The next answer, if there is one.
    #[must_use]
    pub fn take_answer(&self) -> Option<AnalysisAnswer> {
        self.answers.try_recv().ok()
    }

    /// Whether the thread is gone without having been told to end.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.questions.is_some() && self.shared.done.load(Ordering::Acquire)
    }

    /// Lets the thread end after its current frame; waits up to `limit`. Returns whether it ended in order.
    pub fn shut_down(&mut self, limit: Duration) -> bool {
        self.questions = None;
        self.shared.done.store(true, Ordering::Release);
        self.thread.take().is_none_or(|thread| super::join_within(thread, limit, |_| ()).is_some())
    }
}

impl Drop for AnalysisWorker {
    /// The camera's slot may live on and holds an end of the channel: without this the thread would wait for ever.
    fn drop(&mut self) {
        self.shared.done.store(true, Ordering::Release);
    }
}

impl std::fmt::Debug for AnalysisWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AnalysisWorker(lost: {})", self.is_lost())
    }
}

/// Waits between looks at whether the owner is still there; frames and questions arrive at once.
const CHECK: Duration = Duration::from_millis(100);

fn work(
    observer: &mut dyn Observer,
    shared: &Shared,
    frames: &Mailbox<CapturedFrame>,
    queue: &Receiver<Question>,
    answer: &SyncSender<AnalysisAnswer>,
) {
    let mut failing = false;
    // The camera's slot holds a sender too, so the channel alone does not tell that the owner has left.
    while !shared.done.load(Ordering::Acquire) {
        let told = match queue.recv_timeout(CHECK) {
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => continue,
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return,
            Ok(Question::Assess(attempt, shots)) => Some(AnalysisAnswer::Assessed(attempt, Box::new(observer.assess(&shots)))),
            Ok(Question::AssessChallenge(attempt, shots, templates)) => {
                Some(AnalysisAnswer::ChallengeAssessed(attempt, observer.assess_challenge(&shots, &templates)))
            }
            Ok(Question::ReadDocument(request, source, before)) => {
                Some(AnalysisAnswer::DocumentRead(request, observer.read_document(&source, before)))
            }
            Ok(Question::Look) => {
                shared.look_waits.store(false, Ordering::Release);
                let Some(frame) = frames.take().filter(|_| !shared.resting.load(Ordering::Acquire)) else { continue };
                let profile = Arc::clone(&shared.profile.lock().unwrap_or_else(PoisonError::into_inner));
                match observer.observe(&frame, &profile) {
                    Ok(observation) => {
                        shared.observed.post(Observed { frame, observation: Arc::new(observation) });
                        std::mem::take(&mut failing).then_some(AnalysisAnswer::Recovered)
                    }
                    Err(fault) => (!std::mem::replace(&mut failing, true)).then_some(AnalysisAnswer::Failed(fault)),
                }
            }
        };
        if let Some(told) = told {
            // A full channel means that nobody polls; the flow's own time limit then ends the wait.
            let _ = answer.try_send(told);
        }
        (shared.waker)();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::observation::StageTimes;
    use crate::geometry::Size;
    use crate::imaging::Frame;
    use crate::ports::camera::Origin;
    use crate::units::Moment;
    use crate::workflow::capture_profile::CaptureProfiles;

    const LONG: Duration = Duration::from_secs(20);

    /// Fails on frames 10-19, panics on frame 99.
    struct Scripted;

    impl Observer for Scripted {
        fn observe(&mut self, frame: &CapturedFrame, profile: &CaptureProfile) -> Result<Observation, Fault> {
            match frame.number {
                99 => panic!("a bug"),
                10..=19 => Err(Fault::model("MOD-10")),
                number => {
                    let frame_size = Size::new(profile.compliant_frames, 1);
                    Ok(Observation { frame_number: number, frame_size, faces: vec![], face: None, times: StageTimes::default() })
                }
            }
        }
        fn assess(&mut self, shots: &[Shot]) -> Result<BurstAssessment, AssessmentFailure> {
            assert!(shots.is_empty());
            Err(AssessmentFailure::NotUsable)
        }
        fn assess_challenge(&mut self, shots: &[Shot], _: &[Template]) -> Result<Vec<PadLayer>, AssessmentFailure> {
            assert!(shots.is_empty());
            Ok(Vec::new())
        }
    }

    struct Bench {
        worker: AnalysisWorker,
        slots: FrameSlots,
        woken: Receiver<()>,
    }

    fn bench() -> Bench {
        let (wake, woken) = sync_channel(1);
        let profile = CaptureProfiles::builtin().get("quick").expect("a built-in profile");
        let (worker, slots) = AnalysisWorker::start(Box::new(Scripted), profile, Arc::new(move || _ = wake.try_send(()))).unwrap();
        Bench { worker, slots, woken }
    }

    impl Bench {
        fn show(&self, number: u64) {
            let frame = Arc::new(Frame::filled(Size::new(1, 1), [0; 3]));
            self.slots.analysis.post(CapturedFrame { frame, number, captured_at: Moment::default(), origin: Origin::Practice });
        }

        #[track_caller]
        fn until<T>(&self, mut look: impl FnMut(&AnalysisWorker) -> Option<T>) -> T {
            loop {
                if let Some(found) = look(&self.worker) {
                    return found;
                }
                self.woken.recv_timeout(LONG).expect("the thread wakes its owner");
            }
        }
    }

    #[test]
    fn the_newest_frame_is_observed_by_the_profile_in_force() {
        let b = bench();
        b.show(1);
        assert_eq!(b.until(AnalysisWorker::take_observed).observation.frame_number, 1);
        let knomi = CaptureProfiles::builtin().get("knomi").expect("a built-in profile");
        let mut changed = (*knomi).clone();
        changed.compliant_frames = 77;
        b.worker.use_profile(Arc::new(changed));
        b.show(2);
        let seen = b.until(AnalysisWorker::take_observed);
        assert_eq!((seen.frame.number, seen.observation.frame_size.width), (2, 77));
    }

    #[test]
    fn a_resting_thread_leaves_frames_alone_and_answers_questions() {
        let b = bench();
        b.worker.rest(true);
        b.show(1);
        assert!(b.worker.assess(AttemptId(3), vec![]));
        assert!(matches!(b.until(AnalysisWorker::take_answer), AnalysisAnswer::Assessed(AttemptId(3), _)));
        assert!(b.worker.take_observed().is_none(), "the frame came before the question");
        b.worker.rest(false);
        b.show(2);
        assert_eq!(b.until(AnalysisWorker::take_observed).frame.number, 2);
    }

    #[test]
    fn a_failing_network_is_told_once_and_its_recovery_too() {
        let b = bench();
        b.show(10);
        assert!(matches!(b.until(AnalysisWorker::take_answer), AnalysisAnswer::Failed(Fault { code: "MOD-10", .. })));
        b.show(11);
        b.show(1);
        assert!(matches!(b.until(AnalysisWorker::take_answer), AnalysisAnswer::Recovered));
    }

    #[test]
    fn bursts_are_assessed_beside_frames() {
        let mut b = bench();
        (1..9).for_each(|n| b.show(n));
        assert!(b.worker.assess(AttemptId(7), vec![]));
        let answer = b.until(AnalysisWorker::take_answer);
        assert!(matches!(answer, AnalysisAnswer::Assessed(AttemptId(7), result) if result.is_err()));
        assert!(b.worker.assess_challenge(AttemptId(8), vec![], vec![]));
        assert!(
            matches!(b.until(AnalysisWorker::take_answer), AnalysisAnswer::ChallengeAssessed(AttemptId(8), Ok(layers)) if layers.is_empty())
        );
        assert!(b.worker.shut_down(LONG));
        assert!(!b.worker.is_lost(), "told to end is not lost");
        assert!(!b.worker.assess(AttemptId(8), vec![]));
    }

    #[test]
    fn a_panic_is_seen_and_hides_nothing() {
        let mut b = bench();
        b.show(99);
        b.until(|w| w.is_lost().then_some(()));
        b.show(1);
        assert!(b.worker.take_observed().is_none());
        assert!(!b.worker.shut_down(LONG), "it did not end in order");
    }
}
