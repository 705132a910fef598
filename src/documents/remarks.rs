//! What was wrong with a capture, each with a stable code and a next step: half a document, a cover, a bank card, blur, glare.

use crate::advice::{Advice, Advised};

/// Something about a capture that somebody at the desk can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Remark {
    /// No zone, no barcode, no portrait: a cover, a blank page, a desk.
    #[error("no document was recognised in the picture")]
    NothingRecognised,
    /// A portrait or a card, but nothing that says which: a bank card, a member's card, the front of a card.
    #[error("nothing on the document can be read by machine")]
    NothingReadable,
    /// A zone was found, but some of its characters were misread.
    #[error("the machine-readable zone was not read cleanly")]
    ZoneUnclear,
    /// The zone reaches out of the picture.
    #[error("the machine-readable zone is not whole in the picture")]
    ZoneCut,
    /// The zone's capitals are too small.
    #[error("the machine-readable zone is too small in the picture")]
    ZoneSmall,
    /// More than one zone.
    #[error("there is more than one document in the picture")]
    SeveralDocuments,
    /// The picture is out of focus or was moved.
    #[error("the picture is not sharp")]
    Blurred,
    /// Part of the document is white with glare.
    #[error("glare covers part of the document")]
    Glare,
    /// The picture is too dark.
    #[error("the picture is too dark")]
    Dark,
    /// The other side is wanted.
    #[error("the other side of the document is wanted")]
    OtherSide,
    /// A barcode that holds no document.
    #[error("the barcode holds nothing about a document")]
    ForeignBarcode,
    /// A machine-readable side without a portrait where one is wanted: half a page, a thumb on it.
    #[error("the portrait is not in the picture")]
    NoPortrait,
    /// A portrait or a face with which nothing can be compared.
    #[error("the portrait or the face cannot be compared")]
    PortraitUnclear,
    /// A barcode of a document that was cut off or misread.
    #[error("the barcode was not read whole")]
    BarcodeUnclear,
    /// A printed layout that looks like a zone but is a national one without the usual fields.
    #[error("the zone has a national layout that says less than the usual ones")]
    NationalLayout,
}

impl Remark {
    /// A stable word for reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NothingRecognised => "nothing_recognised",
            Self::NothingReadable => "nothing_readable",
            Self::ZoneUnclear => "zone_unclear",
            Self::ZoneCut => "zone_cut",
            Self::ZoneSmall => "zone_small",
            Self::SeveralDocuments => "several_documents",
            Self::Blurred => "blurred",
            Self::Glare => "glare",
            Self::Dark => "dark",
            Self::OtherSide => "other_side",
            Self::ForeignBarcode => "foreign_barcode",
            Self::NoPortrait => "no_portrait",
            Self::PortraitUnclear => "portrait_unclear",
            Self::BarcodeUnclear => "barcode_unclear",
            Self::NationalLayout => "national_layout",
        }
    }
}

impl Advised for Remark {
    fn advice(&self) -> Advice {
        match self {
            Self::NothingRecognised => Advice::no("DOC-23", "Lay the open page with the portrait flat in the picture, the whole of it."),
            Self::NothingReadable => {
                Advice::no("DOC-24", "Turn the document over; a card without a machine-readable side cannot be checked here.")
            }
            Self::ZoneUnclear => Advice::no("DOC-25", "Capture the document again: flat, sharp, without glare on the lines at the bottom."),
            Self::ZoneCut => Advice::no("DOC-26", "Move the document so that the whole of it is in the picture."),
            Self::ZoneSmall => Advice::no("DOC-27", "Hold the document closer to the camera."),
            Self::SeveralDocuments => Advice::no("DOC-28", "Leave only one document in the picture."),
            Self::Blurred => Advice::no("DOC-29", "Hold the document still until the picture is sharp."),
            Self::Glare => Advice::no("DOC-30", "Tilt the document or move the lamp until the glare is gone."),
            Self::Dark => Advice::no("DOC-31", "Make more light."),
            Self::OtherSide => Advice::no("DOC-32", "Turn the document over and capture the other side too."),
            Self::ForeignBarcode => Advice::no("DOC-33", "Show the barcode of the document, not another one."),
            Self::NoPortrait => Advice::no("DOC-63", "Lay the whole page in the picture, nothing on its portrait."),
            Self::PortraitUnclear => Advice::no("DOC-64", "Bring portrait and face closer, sharp and without glare."),
            Self::BarcodeUnclear => Advice::no("DOC-65", "Capture the barcode again: the whole of it, flat and sharp."),
            Self::NationalLayout => Advice::no("DOC-34", "Check the details that are missing by eye."),
        }
    }
}
