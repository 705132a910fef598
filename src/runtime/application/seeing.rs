//! What the threads of camera and analysis say, and what the window asks of both.

use super::{ANALYSIS_LOST, Application, optics};
use crate::adapters::camera::CameraChoice;
use crate::advice::{Advice, Advised as _};
use crate::biometrics::pad::injection::DeviceFacts;
use crate::geometry::Size;
use crate::ports::audit::AuditEvent;
use crate::ports::camera::{CapturedFrame, Origin};
use crate::runtime::analysis::{AnalysisAnswer, Observed};
use crate::runtime::application::parts::CameraOpener;
use crate::runtime::camera::SourceFactory;
use crate::runtime::clock::{Clock, pacer};
use crate::runtime::messages::{CameraHealth, LiveView, Notice};
use crate::workflow::capture::event::Fault;
use crate::workflow::flow::event::FlowEvent;
use crate::workflow::guidance::{Guidance, GuidanceDelays};
use std::sync::Arc;

impl Application {
    /// What goes wrong with the camera, in its own words, and what to do about it.
    #[must_use]
    pub fn camera_trouble(&self) -> Option<(String, Advice)> {
        self.camera.trouble().map(|error| (error.to_string(), error.advice()))
    }

    /// What keeps pictures from being taken, whatever part it is in.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.analysis_fault.or(self.camera_fault)
    }

    /// Whether a frame comes from the kind of source in use, and not from one used before.
    pub(super) fn belongs(&self, frame: &CapturedFrame) -> bool {
        frame.origin == if self.practice { Origin::Practice } else { Origin::Camera }
    }

    /// What is known about the camera: a webcam that turns out to play recordings switches practice mode on; until then it is refused.
    pub(super) fn device(&self) -> DeviceFacts {
        let size = match self.camera.health() {
            CameraHealth::Streaming { format, .. } => Some(Size::new(format.width, format.height)),
            _ => None,
        };
        DeviceFacts {
            virtual_device: self.camera.origin() == Some(Origin::Practice),
            size,
            practice: self.practice,
            takes_exposure: self.camera.takes_exposure(),
        }
    }

    pub(super) fn tell_device(&mut self) {
        let device = self.device();
        if let Some(running) = self.running.as_mut().filter(|r| device.size.is_some() && r.device != device) {
            running.device = device;
            self.tell_flow(FlowEvent::Device(device));
        }
    }

    pub(super) fn poll_camera(&mut self) {
        self.camera.poll();
        self.tell_device();
        if self.camera.origin() == Some(Origin::Practice) && !self.practice {
            // A webcam that turns out to play recorded pictures: nothing real may come of it.
            self.notices.push_back(Notice::Failed(
                "this camera is known to play recorded pictures; practice mode is on".to_owned(),
                Advice::input("CAM-12", "Choose a physical camera for real enrolments."),
            ));
            self.change_practice(true);
        }
        let fault = self.camera_trouble().map(|(_, advice)| Fault::of_camera(&advice));
        match (fault, self.camera_fault) {
            (Some(fault), known) if known != Some(fault) => {
                self.camera_fault = Some(fault);
                self.write_audit(AuditEvent::Trouble { part: "camera".to_owned(), code: fault.code.to_owned() });
                self.tell_flow(FlowEvent::Lost(fault));
            }
            // While the camera is being opened again nothing is said to go wrong, but only frames show that it is well.
            (None, Some(_)) if self.camera.is_streaming() || !self.camera.is_wanted() => {
                self.camera_fault = None;
                self.write_audit(AuditEvent::Trouble { part: "camera".to_owned(), code: String::new() });
                self.tell_recovered();
            }
            _ => {}
        }
    }

    pub(super) fn poll_analysis(&mut self) {
        if let Some(seen) = self.analysis.take_observed()
            && (self.belongs(&seen.frame) || seen.frame.origin == Origin::File)
            && self.fault().is_none()
        {
            self.look(seen);
        }
        while let Some(answer) = self.analysis.take_answer() {
            match answer {
                AnalysisAnswer::Assessed(attempt, result) => self.tell_assessed(attempt, *result),
                AnalysisAnswer::ChallengeAssessed(attempt, result) => self.tell_challenge_assessed(attempt, result),
                AnalysisAnswer::DocumentRead(request, result) => self.tell_flow(FlowEvent::DocumentRead { request, result }),
                AnalysisAnswer::Failed(fault) => self.lose_analysis(fault),
                AnalysisAnswer::Recovered => {
                    self.analysis_fault = None;
                    self.write_audit(AuditEvent::Trouble { part: "analysis".to_owned(), code: String::new() });
                    self.tell_recovered();
                }
            }
        }
        if self.analysis.is_lost() && self.analysis_fault.map(|f| f.code) != Some(ANALYSIS_LOST) {
            self.lose_analysis(Fault::worker(ANALYSIS_LOST));
            self.give_up_assessment(Fault::worker(ANALYSIS_LOST));
        }
    }

    pub(super) fn lose_analysis(&mut self, fault: Fault) {
        self.analysis_fault = Some(fault);
        self.live = None;
        self.write_audit(AuditEvent::Trouble { part: "analysis".to_owned(), code: fault.code.to_owned() });
        self.tell_flow(FlowEvent::Lost(fault));
    }

    pub(super) fn look(&mut self, seen: Observed) {
        let Observed { frame, observation } = seen;
        if self.running.is_some() {
            self.tell_flow(FlowEvent::Observed { frame, observation });
        } else if self.preview_wanted {
            let verdict = self.guidance.assess(&observation, self.clock.now());
            self.live = Some(LiveView { instruction: verdict.instruction, quality: verdict.quality });
        }
    }

    pub(super) fn use_camera(&mut self, text: &str) {
        match self.camera_choice(text) {
            Err(error) => self.fail(&error),
            Ok(choice) => {
                let practice = choice.origin() != Origin::Camera;
                self.choice = choice;
                self.write_audit(AuditEvent::CameraChanged { camera: self.choice.to_string() });
                if practice != self.practice {
                    self.change_practice(practice);
                }
                self.live = None;
                self.holder_shown = false;
                self.camera.use_source(source_factory(&self.open_camera, &self.choice, &self.clock));
            }
        }
    }

    /// Practice and real people never meet: the flow ends, the other gallery is opened.
    pub(super) fn change_practice(&mut self, practice: bool) {
        self.end_flow();
        // Packets belong to the gallery they were ordered for.
        self.cancel_packets();
        self.practice = practice;
        self.reopen_gallery(practice);
        self.restart_delivery();
        self.restart_telling();
    }

    pub(super) fn use_profile(&mut self, name: &str) {
        match self.profiles.get(name) {
            Err(error) => self.fail(&error),
            Ok(profile) => {
                self.analysis.use_profile(Arc::clone(&profile));
                let now = self.clock.now();
                self.guidance = Guidance::new(Arc::clone(&profile), optics(&self.config), GuidanceDelays::default(), now);
                self.live = None;
                self.profile = profile;
            }
        }
    }

    /// Has the camera stream while somebody wants frames.
    pub(super) fn want_camera(&mut self) {
        let wanted = match &self.running {
            Some(running) => running.camera,
            None => self.preview_wanted,
        };
        if wanted != self.camera.is_wanted() {
            self.camera.want(wanted);
        }
    }
}

pub(super) fn source_factory(open: &CameraOpener, choice: &CameraChoice, clock: &Arc<dyn Clock>) -> SourceFactory {
    let (open, choice, clock) = (Arc::clone(open), choice.clone(), Arc::clone(clock));
    Arc::new(move || open(&choice, pacer(Arc::clone(&clock))))
}
