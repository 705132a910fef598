//! Contactless readers over PC/SC. Only this file knows the foreign crate.

use crate::advice::{Advice, Advised};
use pcsc::{Card, Context, MAX_BUFFER_SIZE_EXTENDED, Protocols, Scope, ShareMode};

/// Why a reader could not be used.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// The system's smart card service does not run, or there is none.
    #[error("the smart card service is not available")]
    Service(#[source] pcsc::Error),
    /// No reader is connected, or none has this name.
    #[error("no contactless reader is connected")]
    NoReader,
    /// No document lies on the reader, or it was taken away.
    #[error("no document lies on the reader")]
    NoDocument(#[source] pcsc::Error),
    /// The exchange with the chip failed.
    #[error("the exchange with the chip failed")]
    Exchange(#[source] pcsc::Error),
}

impl Advised for ReaderError {
    fn advice(&self) -> Advice {
        match self {
            Self::Service(_) => Advice::environment("DOC-55", "Install and start the smart card service (`pcscd`)."),
            Self::NoReader => Advice::environment("DOC-56", "Connect a contactless reader, or go on without the chip."),
            Self::NoDocument(_) | Self::Exchange(_) => {
                Advice::environment("DOC-57", "Lay the document flat on the reader and leave it there until it is read.")
            }
        }
    }
}

/// A document on a reader.
pub struct ReaderCard {
    card: Card,
}

impl ReaderCard {
    /// Connects to the document on the reader with this name, or on the first that has one.
    ///
    /// # Errors
    /// [`ReaderError`].
    pub fn connect(name: Option<&str>) -> Result<Self, ReaderError> {
        let context = Context::establish(Scope::User).map_err(ReaderError::Service)?;
        let readers = context.list_readers_owned().map_err(ReaderError::Service)?;
        let mut last = ReaderError::NoReader;
        for reader in readers.iter().filter(|r| name.is_none_or(|n| r.to_string_lossy() == n)) {
            match context.connect(reader, ShareMode::Exclusive, Protocols::ANY) {
                Ok(card) => return Ok(Self { card }),
                Err(error) => last = ReaderError::NoDocument(error),
            }
        }
        Err(last)
    }

    /// Carries a command to the chip and its answer back.
    ///
    /// # Errors
    /// [`ReaderError`].
    pub fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, ReaderError> {
        let mut buffer = vec![0; MAX_BUFFER_SIZE_EXTENDED];
        let answer = self.card.transmit(command, &mut buffer).map_err(|error| match error {
            pcsc::Error::RemovedCard | pcsc::Error::NoSmartcard | pcsc::Error::ResetCard => ReaderError::NoDocument(error),
            other => ReaderError::Exchange(other),
        })?;
        Ok(answer.to_vec())
    }
}
