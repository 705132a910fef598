//! Access to a chip over a contactless reader: commands, keys from the printed zone, BAC and PACE, secure messaging, reading files.
//!
//! Pure: whoever calls hands in random bytes and a function that carries a command to the chip and its answer back.

mod agreement;
mod apdu;
mod bac;
mod cipher;
mod keys;
mod pace;
mod reading;
mod secure_messaging;

pub use apdu::{Command, Response};
pub use bac::basic_access;
pub use cipher::Cipher;
pub use keys::{AccessKey, key_information};
pub use pace::{PaceCurve, PaceInfo, pace};
pub use reading::{Progress, read_chip};
pub use secure_messaging::SecureMessaging;

use super::tlv::TlvError;
use crate::advice::{Advice, Advised};

/// Why a chip could not be read. `E`: what carrying a command there and back can fail with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError<E: std::error::Error + 'static> {
    /// The reader failed, or the chip is out of reach.
    #[error("the chip could not be reached")]
    Reader(#[source] E),
    /// The chip refused a command.
    #[error("the chip refused {command} with status {status:04X}")]
    Status {
        /// What was asked.
        command: &'static str,
        /// SW1 and SW2.
        status: u16,
    },
    /// The chip does not accept the key: number, dates or card access number are not those of the document.
    #[error("the chip does not accept the key from the document")]
    WrongKey,
    /// An answer of the chip was changed on its way, or is none.
    #[error("an answer of the chip is damaged or was changed on its way")]
    Integrity,
    /// An answer holds other objects than it should.
    #[error("an answer of the chip cannot be read")]
    Answer(#[from] TlvError),
    /// The chip offers nothing that is known here.
    #[error("the chip offers no way of access that is known here")]
    NoProtocol,
    /// A file is longer than any file should be.
    #[error("{file} claims {bytes} bytes")]
    FileLength {
        /// The file.
        file: String,
        /// Bytes it claims.
        bytes: usize,
    },
}

impl<E: std::error::Error + 'static> Advised for AccessError<E> {
    fn advice(&self) -> Advice {
        match self {
            Self::Reader(_) => Advice::environment("DOC-50", "Lay the document flat on the reader and leave it there until it is read."),
            Self::Status { .. } | Self::Integrity | Self::Answer(_) => {
                Advice { retry: true, ..Advice::input("DOC-51", "Take the document off the reader, lay it back and try again.") }
            }
            Self::WrongKey => {
                Advice { retry: true, ..Advice::input("DOC-52", "Read the machine-readable zone again, or type the card access number.") }
            }
            Self::NoProtocol => Advice::input("DOC-53", "Go on without the chip; the other checks still count."),
            Self::FileLength { .. } => Advice::input("DOC-54", "Do not accept the chip; it is not one of a travel document."),
        }
    }
}
