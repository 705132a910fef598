//! The system's own file dialogs, asked on a thread of their own: the window never waits for them.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

/// What a file is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A picture to play as a camera.
    Picture,
    /// A sealed file to write.
    Export,
    /// A sealed file to read.
    Import,
    /// A folder of packets.
    Packets,
    /// A picture of a document.
    Scan,
    /// A folder with the files of a chip.
    ChipFolder,
    /// The report about a document to write.
    Report,
}

/// Dialogs of a window; one at a time.
#[derive(Debug, Default)]
pub struct Dialogs {
    pending: Option<(Purpose, Receiver<Option<PathBuf>>)>,
}

/// A clone starts without a dialog.
impl Clone for Dialogs {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// Ending of sealed files.
pub const SEALED: &str = "visavis";

impl Dialogs {
    /// Asks for a file; the answer comes through [`Dialogs::take`]. Nothing happens while another dialog is open.
    pub fn ask(&mut self, purpose: Purpose, title: &str, ctx: &egui::Context) {
        if self.pending.is_some() {
            return;
        }
        let (answer, pending) = sync_channel(1);
        let (title, ctx) = (title.to_owned(), ctx.clone());
        let ask = move || {
            let dialog = rfd::FileDialog::new().set_title(title);
            let chosen = match purpose {
                Purpose::Picture | Purpose::Scan => dialog
                    .add_filter("PNG, JPEG, GIF, WebP, BMP, TIFF", &["png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff"])
                    .pick_file(),
                Purpose::ChipFolder => dialog.pick_folder(),
                Purpose::Report => dialog.add_filter("HTML", &["html"]).set_file_name("document.html").save_file(),
                Purpose::Export => dialog.add_filter("Visavis", &[SEALED]).set_file_name(format!("people.{SEALED}")).save_file(),
                Purpose::Import => dialog.add_filter("Visavis", &[SEALED]).pick_file(),
                Purpose::Packets => dialog.pick_folder(),
            };
            // The window may be gone by now; then nobody waits for the answer.
            let _ = answer.send(chosen);
            ctx.request_repaint();
        };
        if std::thread::Builder::new().name("file-dialog".to_owned()).spawn(ask).is_ok() {
            self.pending = Some((purpose, pending));
        }
    }

    /// The file chosen for `purpose`, once.
    pub fn take(&mut self, purpose: Purpose) -> Option<PathBuf> {
        let (_, pending) = self.pending.as_ref().filter(|(asked, _)| *asked == purpose)?;
        match pending.try_recv() {
            Ok(chosen) => {
                self.pending = None;
                chosen
            }
            Err(TryRecvError::Disconnected) => {
                self.pending = None;
                None
            }
            Err(TryRecvError::Empty) => None,
        }
    }
}
