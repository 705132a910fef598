//! Gallery export and import through sealed files: streaming, one person in memory at a time, all or nothing on both sides.

mod order;
mod portable;

pub use super::progress::Progress;
pub use order::{ExportOrder, ImportOrder, MachineKeys, machine_identity};

use crate::adapters::sealed::{Identity, Kind, Opener, PublicKey, Recipient, SealedError, SealedReader, SealedWriter, Trust, write_file};
use crate::advice::{Advice, Advised};
use crate::ports::gallery::{GalleryError, GalleryStore, ImportReport, Interrupted};
use crate::units::UtcTime;
use std::fs::File;
use std::io::{BufReader, BufWriter, Read};
use std::path::Path;

/// Why an export or import could not be done. Nothing was written or taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransferError {
    /// The gallery could not.
    #[error(transparent)]
    Gallery(#[from] GalleryError),
    /// The file could not.
    #[error(transparent)]
    Sealed(#[from] SealedError),
    /// Somebody broke it off.
    #[error("it was broken off; nothing was written or taken in")]
    Cancelled,
}

impl Advised for TransferError {
    fn advice(&self) -> Advice {
        match self {
            Self::Gallery(error) => error.advice(),
            Self::Sealed(error) => error.advice(),
            Self::Cancelled => Advice::input("GAL-50", "Start it again whenever you like."),
        }
    }
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct ExportReport {
    /// People.
    pub people: u64,
    /// Completed enrolments.
    pub records: u64,
    /// Pictures.
    pub pictures: u64,
}

/// Writes everybody of `gallery` (`None`: everybody) to the sealed file `to`; an earlier file stays until the new one is whole.
///
/// # Errors
/// [`TransferError`]; no file is left.
pub fn export_gallery(
    store: &dyn GalleryStore,
    gallery: Option<&str>,
    to: &Path,
    recipients: &[Recipient],
    identity: &Identity,
    at: UtcTime,
    progress: &Progress,
) -> Result<ExportReport, TransferError> {
    write_file(to, |file| {
        let mut writer = SealedWriter::new(file, Kind::GalleryExport, recipients, identity, at)?;
        let report = write_people(store, gallery, &mut writer, progress)?;
        Ok((writer.finish(identity)?, report))
    })
}

fn write_people(
    store: &dyn GalleryStore,
    gallery: Option<&str>,
    writer: &mut SealedWriter<BufWriter<File>>,
    progress: &Progress,
) -> Result<ExportReport, TransferError> {
    writer.write(portable::OPENING)?;
    let mut report = ExportReport::default();
    let mut failed: Option<TransferError> = None;
    let exported = store.export(gallery, &mut |person| {
        if !progress.step() {
            failed = Some(TransferError::Cancelled);
            return Err(Interrupted);
        }
        report.people += 1;
        report.records += person.records.len() as u64;
        report.pictures += person.records.iter().map(|record| record.pictures.len() as u64).sum::<u64>();
        portable::encode(&person, &mut |bytes| writer.write(bytes)).map_err(|error| {
            failed = Some(error.into());
            Interrupted
        })
    });
    // Why it broke off comes before that it did.
    if let Some(error) = failed {
        return Err(error);
    }
    exported?;
    writer.write(&portable::END)?;
    Ok(report)
}

/// Takes in everybody from the sealed file `from`; says who sealed it. The file's signature is checked before anything is kept.
///
/// # Errors
/// [`TransferError`]; the gallery is as it was.
pub fn import_gallery(
    store: &mut dyn GalleryStore,
    from: &Path,
    opener: Opener<'_>,
    trust: Trust<'_>,
    progress: &Progress,
) -> Result<(ImportReport, PublicKey), TransferError> {
    let file = File::open(from).map_err(SealedError::from)?;
    import_from(store, BufReader::new(file), opener, trust, progress)
}

fn import_from(
    store: &mut dyn GalleryStore,
    from: impl Read,
    opener: Opener<'_>,
    trust: Trust<'_>,
    progress: &Progress,
) -> Result<(ImportReport, PublicKey), TransferError> {
    let mut reader = SealedReader::open(from, Kind::GalleryExport, opener, trust)?;
    portable::read_opening(&mut |buffer| reader.read_exact(buffer))?;
    let mut reader = Some(reader);
    let mut outcome = Err(SealedError::Damaged { what: "its content" });
    let imported = store.import(&mut std::iter::from_fn(|| {
        let next = portable::decode(&mut |buffer| reader.as_mut().ok_or(ENDED)?.read_exact(buffer));
        match next {
            Ok(Some(_)) if !progress.step() => Some(Err(Interrupted)),
            Ok(Some(person)) => Some(Ok(person)),
            Ok(None) => {
                outcome = reader.take().ok_or(ENDED).and_then(SealedReader::finish);
                // The store keeps what it took only when the source ends in peace.
                outcome.is_err().then_some(Err(Interrupted))
            }
            Err(error) => {
                outcome = Err(error);
                Some(Err(Interrupted))
            }
        }
    }));
    match (imported, outcome) {
        (Err(_), Err(_)) if progress.is_cancelled() => Err(TransferError::Cancelled),
        (Ok(report), Ok(signer)) => Ok((report, signer)),
        // The store's own reason comes first, unless it only says that the source broke off.
        (Err(GalleryError::Unfit { .. }), Err(error)) | (Ok(_), Err(error)) => Err(error.into()),
        (Err(error), _) => Err(error.into()),
    }
}

const ENDED: SealedError = SealedError::Damaged { what: "its content" };

#[cfg(test)]
mod tests;
