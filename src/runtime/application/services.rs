//! The services screen's orders: list, test, save. Each runs on a thread of its own, because a key store or a service may take its time.

use super::Application;
use crate::advice::{Advice, Advised};
use crate::config::Config;
use crate::ports::services::ServiceKind;
use crate::runtime::messages::{Notice, Seat};
use crate::runtime::services::{self, ServiceOrder, TestProgress, TestView};
use crate::runtime::settings::SettingsError;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

/// Why an order about services was not carried out.
#[derive(Debug, thiserror::Error)]
enum ServiceOrderError {
    #[error("{0}")]
    Secret(String),
    #[error("a connection is being tested")]
    Busy,
    #[error("part of the program stopped")]
    Lost,
}

impl Advised for ServiceOrderError {
    fn advice(&self) -> Advice {
        match self {
            Self::Secret(_) => Advice::environment("SVC-20", "Check the key store with `visavis doctor`, and the secret's name."),
            Self::Busy => Advice::input("SVC-30", "Wait until it has ended, or cancel it."),
            Self::Lost => Advice::environment("SVC-31", "Start the program again."),
        }
    }
}

/// A test of a connection in progress.
pub(super) struct Testing {
    service: ServiceKind,
    progress: Arc<TestProgress>,
}

impl Testing {
    pub(super) fn view(&self) -> TestView {
        TestView { service: self.service, phase: self.progress.phase() }
    }
}

impl Application {
    /// Lists services, at a desk.
    pub(super) fn list_services(&mut self) {
        let Some(places) = self.delivering.as_ref().map(|delivering| delivering.places.clone()) else { return };
        let config = self.config.clone();
        let answered = self.on_a_thread("service-list", move || services::list(&places, &config));
        self.await_thread(answered, |application, views| application.notify(Notice::Services(Arc::new(views))));
    }

    /// Keeps the secrets of an order, then its settings.
    pub(super) fn save_service(&mut self, order: ServiceOrder) {
        if self.seat != Seat::Desk {
            return self.fail(&SettingsError::NotHere);
        }
        let Some(places) = self.delivering.as_ref().map(|delivering| delivering.places.clone()) else { return };
        if order.secrets.is_empty() {
            return self.change_settings(order.changes);
        }
        let changes = order.changes.clone();
        let answered = self.on_a_thread("service-secrets", move || order.keep_secrets(&places));
        self.await_thread(answered, move |application, kept| match kept {
            Ok(()) => application.change_settings(changes),
            Err(message) => application.fail(&ServiceOrderError::Secret(message)),
        });
    }

    /// Tests a service as it is configured, or as it would be with an order that is not saved yet.
    pub(super) fn test_service(&mut self, service: ServiceKind, order: Option<ServiceOrder>) {
        if self.seat != Seat::Desk {
            return self.fail(&SettingsError::NotHere);
        }
        let Some(delivering) = &mut self.delivering else { return };
        if delivering.testing.is_some() {
            return self.fail(&ServiceOrderError::Busy);
        }
        let progress = Arc::new(TestProgress::default());
        delivering.testing = Some(Testing { service, progress: Arc::clone(&progress) });
        let Some(draft) = order.map(|order| order.as_draft()) else {
            return self.run_test(service, self.config.clone(), ServiceOrder::default(), progress);
        };
        let pending = self.settings.check(draft.changes.clone());
        let mut taken = Some((draft, progress));
        self.await_answer(move |application| {
            let Some(answer) = pending.try_get() else { return false };
            let Some((draft, progress)) = taken.take() else { return true };
            match answer {
                Ok(checked) => application.run_test(service, checked.config, draft, progress),
                Err(error) => {
                    application.forget_test(&progress);
                    application.fail(&error);
                }
            }
            true
        });
    }

    fn run_test(&mut self, service: ServiceKind, config: Config, draft: ServiceOrder, progress: Arc<TestProgress>) {
        let Some(places) = self.delivering.as_ref().map(|delivering| delivering.places.clone()) else { return };
        let watched = Arc::clone(&progress);
        let name = format!("service-test-{}", service.name());
        let answered = self.on_a_thread(&name, move || services::test(service, &places, &config.services, &draft, &watched));
        self.await_thread(answered, move |application, report| {
            application.forget_test(&progress);
            if let Some(report) = report {
                application.notify(Notice::ServiceTested(Arc::new(report)));
            }
        });
    }

    /// Leaves a test to itself; the screen is free at once.
    pub(super) fn cancel_service_test(&mut self) {
        if let Some(testing) = self.delivering.as_mut().and_then(|delivering| delivering.testing.take()) {
            testing.progress.cancel();
        }
    }

    /// The test of `progress` is over, unless another one has begun since it was cancelled.
    fn forget_test(&mut self, progress: &Arc<TestProgress>) {
        if let Some(delivering) = &mut self.delivering
            && delivering.testing.as_ref().is_some_and(|testing| Arc::ptr_eq(&testing.progress, progress))
        {
            delivering.testing = None;
        }
    }

    /// Runs work on a thread with a name; `None` on the channel when there is no thread or it panicked.
    pub(super) fn on_a_thread<T: Send + 'static>(&self, name: &str, work: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
        let (answer, answered) = sync_channel(1);
        let waker = Arc::clone(&self.waker);
        // Without a thread the channel closes, which is the answer.
        let _ = std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            let _ = answer.try_send(work());
            waker();
        });
        answered
    }

    pub(super) fn await_thread<T: Send + 'static>(&mut self, answered: Receiver<T>, done: impl FnOnce(&mut Self, T) + Send + 'static) {
        let mut done = Some(done);
        self.await_answer(move |application| match answered.try_recv() {
            Ok(answer) => {
                if let Some(done) = done.take() {
                    done(application, answer);
                }
                true
            }
            Err(TryRecvError::Empty) => false,
            Err(TryRecvError::Disconnected) => {
                application.cancel_service_test();
                application.fail(&ServiceOrderError::Lost);
                true
            }
        });
    }
}
