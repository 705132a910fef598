//! The system's own file dialogs, asked on a thread of their own: the window never waits for them.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, sync_channel};

/// Dialogs of a window; one at a time.
#[derive(Debug, Default)]
pub struct Dialogs {
    pending: Option<Receiver<Option<PathBuf>>>,
}

/// A clone starts without a dialog.
impl Clone for Dialogs {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Dialogs {
    /// Asks for a picture to play; the answer comes through [`Dialogs::take`].
    pub fn open_picture(&mut self, title: &str, ctx: &egui::Context) {
        if self.pending.is_some() {
            return;
        }
        let (answer, pending) = sync_channel(1);
        let (title, ctx) = (title.to_owned(), ctx.clone());
        let ask = move || {
            let chosen = rfd::FileDialog::new()
                .set_title(title)
                .add_filter("PNG, JPEG, GIF, WebP, BMP, TIFF", &["png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff"])
                .pick_file();
            // The window may be gone by now; then nobody waits for the answer.
            let _ = answer.send(chosen);
            ctx.request_repaint();
        };
        if std::thread::Builder::new().name("file-dialog".to_owned()).spawn(ask).is_ok() {
            self.pending = Some(pending);
        }
    }

    /// The file chosen, once.
    pub fn take(&mut self) -> Option<PathBuf> {
        match self.pending.as_ref()?.try_recv() {
            Ok(chosen) => {
                self.pending = None;
                chosen
            }
            Err(std::sync::mpsc::TryRecvError::Disconnected) => {
                self.pending = None;
                None
            }
            Err(std::sync::mpsc::TryRecvError::Empty) => None,
        }
    }
}
