//! What only a desk may ask: other settings, people leaving and entering in sealed files, this machine's keys.

use super::{Application, optics};
use crate::adapters::camera::{CameraChoice, CameraChoiceError};
use crate::advice::{Advice, Advised};
use crate::biometrics::comparison::MatchLevel;
use crate::config::{Change, Config};
use crate::ports::audit::AuditEvent;
use crate::ports::gallery::{DEFAULT_GALLERY, GalleryError};
use crate::runtime::messages::{Notice, Seat, TransferView};
use crate::runtime::settings::{Checked, SettingsError, SettingsView, format_wish};
use crate::runtime::transfer::{ExportOrder, ImportOrder, MachineKeys, Progress, TransferError};
use crate::workflow::guidance::{Guidance, GuidanceDelays};
use std::sync::Arc;

/// An export or import in progress.
pub(super) struct Transfer {
    importing: bool,
    of: Option<u64>,
    progress: Arc<Progress>,
}

impl Transfer {
    pub(super) fn view(&self) -> TransferView {
        let Self { importing, of, progress } = self;
        TransferView { importing: *importing, people: progress.done(), of: *of, cancelled: progress.is_cancelled() }
    }
}

/// Why the desk's order was not taken.
#[derive(Debug, thiserror::Error)]
enum OrderError {
    #[error("people can leave and enter only at the desk")]
    NotHere,
    #[error("an export or import is in progress")]
    Busy,
    #[error("a flow is in progress")]
    InFlow,
}

impl Advised for OrderError {
    fn advice(&self) -> Advice {
        match self {
            Self::NotHere => Advice::input("GAL-51", "Use the officer's desk, or `visavis gallery export`."),
            Self::Busy => Advice::input("GAL-52", "Wait until it has ended, or break it off."),
            Self::InFlow => Advice::input("GAL-53", "Finish or cancel the flow first."),
        }
    }
}

impl Application {
    /// Has settings checked and kept; they are in force when the answer has come.
    pub(super) fn change_settings(&mut self, changes: Vec<Change>) {
        if self.seat != Seat::Desk {
            return self.fail(&SettingsError::NotHere);
        }
        let keys: Vec<String> = changes.iter().map(|change| change.key.clone()).collect();
        let pending = self.settings.change(changes);
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            match answer {
                Ok(checked) => {
                    application.write_audit(AuditEvent::SettingsChanged { keys: keys.clone() });
                    application.put_in_force(checked, &keys);
                    application.notify(Notice::SettingsKept);
                }
                Err(error) => application.fail(&error),
            }
            true
        });
    }

    fn put_in_force(&mut self, checked: Checked, keys: &[String]) {
        let Checked { config, profiles } = checked;
        let before = std::mem::replace(&mut self.config, config);
        let name = self.config.capture.profile.clone();
        let other_profile = self.profiles.get(&name).ok() != profiles.get(&name).ok() || before.capture.profile != name;
        self.profiles = profiles;
        if other_profile {
            self.use_profile(&name);
        } else if before.camera.horizontal_fov != self.config.camera.horizontal_fov {
            self.guidance = Guidance::new(Arc::clone(&self.profile), optics(&self.config), GuidanceDelays::default(), self.clock.now());
        }
        if before.matching != self.config.matching || before.identification != self.config.identification {
            self.use_rules();
        }
        let other_format = format_wish(&before.camera) != format_wish(&self.config.camera);
        let chosen = keys.iter().any(|key| key == "camera.device");
        if chosen || (other_format && self.choice.to_string() == self.config.camera.device) {
            self.use_camera(&self.config.camera.device.clone());
        }
        self.view_settings();
        if before.services != self.config.services || before.sync != self.config.sync {
            self.restart_delivery();
        }
    }

    /// Makes what the settings page shows.
    pub(super) fn view_settings(&mut self) {
        let changeable = self.seat == Seat::Desk && self.settings.is_open();
        self.settings_view = Arc::new(SettingsView::new(&self.config, &self.profiles, self.calibration.as_ref(), changeable));
    }

    fn use_rules(&mut self) {
        let (level, identification) = (MatchLevel::try_from(self.config.matching.level).unwrap_or_default(), &self.config.identification);
        self.match_level = level;
        let policy = identification_policy(&self.config);
        let margin = identification.margin_percent;
        let changed = self.gallery.ask(move |enrolled| {
            enrolled.use_rules(level, policy, margin);
            Ok(())
        });
        self.await_answer(move |application| {
            let Some(answer) = changed.try_get() else { return false };
            if let Err(error) = answer {
                application.fail(&error);
            }
            true
        });
    }

    /// A camera as text. The format chosen by hand is that of the camera of the configuration; another one may not offer it.
    pub(super) fn camera_choice(&self, text: &str) -> Result<CameraChoice, CameraChoiceError> {
        let choice = CameraChoice::parse(text)?;
        Ok(if text == self.config.camera.device { choice.in_format(format_wish(&self.config.camera)) } else { choice })
    }

    pub(super) fn export(&mut self, order: ExportOrder) {
        let gallery = order.gallery.clone().unwrap_or_else(|| DEFAULT_GALLERY.to_owned());
        let of = order.gallery.is_none().then_some(self.enrolled);
        let at = self.clock.utc();
        let identity = Arc::clone(&self.identity);
        self.transfer_people(
            false,
            of,
            move |enrolled, progress| {
                let identity = identity().map_err(GalleryError::from)?;
                order.carry_out(enrolled.store(), &identity, at, progress)
            },
            move |application, report| {
                let change = format!("export of {} people", report.people);
                application.write_audit(AuditEvent::GalleryChanged { gallery: gallery.clone(), change, subject: None });
                application.notify(Notice::Exported(report));
            },
        );
    }

    pub(super) fn import(&mut self, order: ImportOrder) {
        let identity = Arc::clone(&self.identity);
        self.transfer_people(
            true,
            None,
            move |enrolled, progress| {
                let identity = identity().map_err(GalleryError::from)?;
                order.carry_out(enrolled.store(), &identity, progress)
            },
            |application, (report, signer)| {
                let signer = signer.fingerprint();
                let change = format!("import of {} new and {} changed people from {signer}", report.people_added, report.people_updated);
                application.write_audit(AuditEvent::GalleryChanged { gallery: DEFAULT_GALLERY.to_owned(), change, subject: None });
                application.count_enrolled();
                application.notify(Notice::Changed);
                application.notify(Notice::Imported(report, signer));
            },
        );
    }

    /// Has the gallery's thread carry it out; until it is over no flow begins, because every other question waits behind it.
    fn transfer_people<T: Send + 'static>(
        &mut self,
        importing: bool,
        of: Option<u64>,
        work: impl FnOnce(&mut crate::runtime::enrolled::Enrolled, &Progress) -> Result<T, TransferError> + Send + 'static,
        done: impl FnOnce(&mut Self, T) + Send + 'static,
    ) {
        if self.seat != Seat::Desk {
            return self.fail(&OrderError::NotHere);
        }
        if self.transfer.is_some() {
            return self.fail(&OrderError::Busy);
        }
        if self.running.is_some() {
            return self.fail(&OrderError::InFlow);
        }
        let progress = Arc::new(Progress::default());
        let watched = Arc::clone(&progress);
        self.transfer = Some(Transfer { importing, of, progress });
        let pending = self.gallery.ask(move |enrolled| Ok(work(enrolled, &watched)));
        let mut done = Some(done);
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            application.transfer = None;
            match answer.map_err(TransferError::from).and_then(|result| result) {
                Ok(report) => {
                    if let Some(done) = done.take() {
                        done(application, report);
                    }
                }
                Err(error) => application.fail(&error),
            }
            true
        });
    }

    pub(super) fn cancel_transfer(&mut self) {
        if let Some(transfer) = &self.transfer {
            transfer.progress.cancel();
        }
    }

    /// Whether a flow may begin; says why not.
    pub(super) fn may_begin_flow(&mut self) -> bool {
        if self.transfer.is_some() {
            self.fail(&OrderError::Busy);
        }
        self.transfer.is_none()
    }

    /// Asks for this machine's keys, on the gallery's thread: a key store may take its time.
    pub(super) fn ask_machine_keys(&mut self) {
        if self.seat != Seat::Desk {
            return self.fail(&OrderError::NotHere);
        }
        let identity = Arc::clone(&self.identity);
        let pending = self.gallery.ask(move |_| Ok(MachineKeys::from(&identity().map_err(GalleryError::from)?)));
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            match answer {
                Ok(keys) => application.notify(Notice::MachineKeys(keys)),
                Err(error) => application.fail(&error),
            }
            true
        });
    }
}

/// The rules of a search as the configuration has them.
#[must_use]
pub fn identification_policy(config: &Config) -> crate::biometrics::identification::decision::IdentificationPolicy {
    let identification = &config.identification;
    crate::biometrics::identification::decision::IdentificationPolicy {
        list_size: identification.candidates,
        cut_off_percent: identification.cutoff_percent,
        false_positive_identification_rate: identification.false_positive_rate,
        highest_false_match_rate: MatchLevel::try_from(config.matching.level).unwrap_or_default().false_match_rate(),
        ..Default::default()
    }
}
