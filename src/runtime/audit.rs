//! The audit trail's thread: entries are written, and made durable, in order and away from the window.

use crate::ports::audit::{AuditEvent, AuditSink};
use crate::units::UtcTime;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Entries that may wait for the disk.
const QUEUE: usize = 1024;

/// The thread's handle.
pub struct AuditWorker {
    entries: Option<SyncSender<(UtcTime, AuditEvent)>>,
    thread: Option<JoinHandle<()>>,
    failed: Arc<AtomicBool>,
}

impl AuditWorker {
    /// Starts the thread over a sink.
    ///
    /// # Errors
    /// The system's error when no thread can be started.
    pub fn start(mut sink: Box<dyn AuditSink>) -> std::io::Result<Self> {
        let (entries, queue) = sync_channel::<(UtcTime, AuditEvent)>(QUEUE);
        let failed = Arc::new(AtomicBool::new(false));
        let failing = Arc::clone(&failed);
        let thread = std::thread::Builder::new().name("audit".to_owned()).spawn(move || {
            while let Ok((at, event)) = queue.recv() {
                let written = sink.append(at, &event);
                if let Err(error) = &written {
                    tracing::error!(%error, "audit");
                }
                failing.store(written.is_err(), Ordering::Release);
            }
        })?;
        Ok(Self { entries: Some(entries), thread: Some(thread), failed })
    }

    /// Queues an entry. One that finds no room is lost, and said so by [`Self::is_failing`].
    pub fn write(&self, at: UtcTime, event: AuditEvent) {
        if self.entries.as_ref().is_some_and(|e| e.try_send((at, event)).is_err()) {
            tracing::error!("an audit entry was lost: the trail's thread does not keep up or is gone");
            self.failed.store(true, Ordering::Release);
        }
    }

    /// Whether the last entry could not be written.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }

    /// Writes what is queued and ends; waits up to `limit`. Returns whether everything was written.
    pub fn shut_down(&mut self, limit: Duration) -> bool {
        self.entries = None;
        let ended = self.thread.take().is_none_or(|thread| super::join_within(thread, limit, |_| ()).is_some());
        ended && !self.is_failing()
    }
}

impl std::fmt::Debug for AuditWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AuditWorker(failing: {})", self.is_failing())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::audit::AuditError;
    use std::sync::Mutex;

    #[derive(Clone, Default)]
    struct Notebook(Arc<Mutex<Vec<i64>>>);

    impl AuditSink for Notebook {
        fn append(&mut self, at: UtcTime, _: &AuditEvent) -> Result<(), AuditError> {
            if at.0 < 0 {
                return Err(AuditError::Unwritable { reason: "scripted".into() });
            }
            self.0.lock().unwrap().push(at.0);
            Ok(())
        }
    }

    fn event() -> AuditEvent {
        AuditEvent::CameraChanged { camera: "synthetic".into() }
    }

    #[test]
    fn everything_queued_is_written_in_order_before_the_end() {
        let notebook = Notebook::default();
        let mut worker = AuditWorker::start(Box::new(notebook.clone())).unwrap();
        (0..500).for_each(|n| worker.write(UtcTime(n), event()));
        assert!(worker.shut_down(Duration::from_secs(20)));
        assert_eq!(*notebook.0.lock().unwrap(), (0..500).collect::<Vec<_>>());
    }

    #[test]
    fn a_sink_that_fails_is_known() {
        let mut worker = AuditWorker::start(Box::new(Notebook::default())).unwrap();
        worker.write(UtcTime(-1), event());
        assert!(!worker.shut_down(Duration::from_secs(20)));
    }
}
