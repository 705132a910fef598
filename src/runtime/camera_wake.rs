//! Wakes a camera thread that sleeps in the driver. On Linux a webcam that stops delivering holds its reader for ever: `poll(2)` waits
//! without a limit. A signal with a handler that does nothing makes that call return `EINTR`, the reader sees an error and ends.
#![allow(unsafe_code, reason = "signals have no safe interface; every block states why it is sound")]

use std::thread::JoinHandle;

/// Interrupts the system call `thread` waits in, if it waits in one. `false` where the platform has no way to do so: the thread must then
/// be left alone.
///
/// A signal that arrives between two waits is lost, so a caller repeats this until the thread has ended.
#[cfg(unix)]
pub fn interrupt<T>(thread: &JoinHandle<T>) -> bool {
    use std::os::unix::thread::JoinHandleExt as _;

    if !install_handler() {
        return false;
    }
    // SAFETY: the handle has been neither joined nor dropped (we borrow it), so the thread, running or ended, has not been reclaimed and
    // its `pthread_t` is valid. `SIGUSR1` has a handler (installed above), so it cannot end the process.
    unsafe { libc::pthread_kill(thread.as_pthread_t(), libc::SIGUSR1) == 0 }
}

/// Interrupts nothing: there is no such signal here.
#[cfg(not(unix))]
pub fn interrupt<T>(_thread: &JoinHandle<T>) -> bool {
    false
}

/// Gives `SIGUSR1` a handler that does nothing, once per process. `false` if the system refused, or if something else handles it already.
#[cfg(unix)]
fn install_handler() -> bool {
    use std::sync::OnceLock;

    extern "C" fn return_at_once(_signal: libc::c_int) {}
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| {
        // SAFETY: all-zero bytes are a valid `sigaction` (no handler, empty mask, no flags), and both pointers are to live locals. The
        // handler touches nothing, so it is async-signal-safe. Without `SA_RESTART` interrupted calls return `EINTR`, which is the point.
        unsafe {
            let mut before: libc::sigaction = std::mem::zeroed();
            if libc::sigaction(libc::SIGUSR1, std::ptr::null(), &mut before) != 0 || before.sa_sigaction != libc::SIG_DFL {
                return false;
            }
            let mut ours: libc::sigaction = std::mem::zeroed();
            ours.sa_sigaction = return_at_once as *const () as usize;
            libc::sigaction(libc::SIGUSR1, &ours, std::ptr::null_mut()) == 0
        }
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::io::Read as _;
    use std::os::unix::net::UnixStream;

    #[test]
    fn a_thread_that_waits_for_the_system_is_let_go() {
        let (mut read_end, write_end) = UnixStream::pair().expect("a socket pair");
        let thread = std::thread::Builder::new()
            .name("waits".into())
            // A plain `read` is retried by nobody: it returns `Interrupted`, as the driver's `poll` does.
            .spawn(move || read_end.read(&mut [0]).map_err(|e| e.kind()))
            .expect("a thread");
        while !thread.is_finished() {
            assert!(interrupt(&thread));
            std::thread::yield_now();
        }
        assert!(interrupt(&thread), "an ended thread that was not joined is no danger");
        assert_eq!(thread.join().expect("no panic"), Err(std::io::ErrorKind::Interrupted));
        drop(write_end);
    }
}
