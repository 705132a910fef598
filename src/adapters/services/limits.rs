//! What pictures a service takes, checked before anything is sent.

use crate::config::PictureLimits;
use crate::ports::services::{ServiceError, ServiceFault, ServiceKind};
use crate::units::SensitiveBytes;
use std::io::Cursor;

/// Formats every service takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl PictureKind {
    /// Media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// File ending without a dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

/// A picture that passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// Its format.
    pub kind: PictureKind,
    /// Width, pixels.
    pub width: u32,
    /// Height, pixels.
    pub height: u32,
}

/// The format by the first bytes; `None` when it is neither.
#[must_use]
pub fn kind_of(bytes: &[u8]) -> Option<PictureKind> {
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some(PictureKind::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(PictureKind::Png)
    } else {
        None
    }
}

/// Checks one picture: not empty, JPEG or PNG by its content, not over the limit, a readable head.
///
/// # Errors
/// [`ServiceFault::Unfit`], before anything was sent.
pub fn picture(service: ServiceKind, limits: PictureLimits, bytes: &[u8]) -> Result<Checked, ServiceError> {
    let unfit = |message: String| ServiceError::unsent(service, ServiceFault::Unfit, message);
    if bytes.is_empty() {
        return Err(unfit("the picture is empty".to_owned()));
    }
    if bytes.len() > limits.max_bytes {
        return Err(unfit(format!("the picture has {} bytes, the service takes {}", bytes.len(), limits.max_bytes)));
    }
    let kind = kind_of(bytes).ok_or_else(|| unfit("the picture is neither JPEG nor PNG".to_owned()))?;
    let format = match kind {
        PictureKind::Jpeg => image::ImageFormat::Jpeg,
        PictureKind::Png => image::ImageFormat::Png,
    };
    let size = image::ImageReader::with_format(Cursor::new(bytes), format).into_dimensions();
    let (width, height) = size.map_err(|_| unfit("the picture is damaged".to_owned()))?;
    if limits.width > 0 && limits.height > 0 && (width < limits.width.min(limits.height) || height < limits.width.min(limits.height)) {
        tracing::warn!(service = service.name(), width, height, "the picture is smaller than the service recommends");
    }
    Ok(Checked { kind, width, height })
}

/// Checks pictures that go out together: each one, all of one size, and their number.
///
/// - `counts`: how many there may be.
///
/// # Errors
/// As [`picture`].
pub fn frames(service: ServiceKind, limits: PictureLimits, counts: &[usize], all: &[SensitiveBytes]) -> Result<Vec<Checked>, ServiceError> {
    let unfit = |message: String| ServiceError::unsent(service, ServiceFault::Unfit, message);
    if !counts.contains(&all.len()) {
        return Err(unfit(format!("{} pictures were given, the workflow takes {counts:?}", all.len())));
    }
    let checked = all.iter().map(|p| picture(service, limits, &p.0)).collect::<Result<Vec<_>, _>>()?;
    if checked.windows(2).any(|w| (w[0].width, w[0].height) != (w[1].width, w[1].height)) {
        return Err(unfit("the pictures of one request must all have the same size".to_owned()));
    }
    Ok(checked)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: PictureLimits = PictureLimits { max_bytes: 5000, width: 0, height: 0 };

    fn png(width: u32, height: u32) -> SensitiveBytes {
        let mut bytes = Cursor::new(Vec::new());
        image::RgbImage::new(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        SensitiveBytes(bytes.into_inner())
    }

    #[test]
    fn what_a_service_would_refuse_is_not_sent() {
        let checked = picture(ServiceKind::Uqudo, LIMITS, &png(4, 3).0).unwrap();
        assert_eq!((checked.kind, checked.width, checked.height), (PictureKind::Png, 4, 3));
        let bad: [&[u8]; 5] = [b"", b"GIF89a......", &[0xff, 0xd8, 0xff, 0xe0], b"\x89PNG\r\n\x1a\n", &[0; 6000]];
        for bytes in bad {
            assert_eq!(picture(ServiceKind::Uqudo, LIMITS, bytes).unwrap_err().fault, ServiceFault::Unfit);
        }
    }

    #[test]
    fn frames_of_one_request_are_alike() {
        let check = |counts: &[usize], all: &[SensitiveBytes]| frames(ServiceKind::AwareId, LIMITS, counts, all).map(|c| c.len());
        assert_eq!(check(&[1, 3], &[png(4, 3), png(4, 3), png(4, 3)]).unwrap(), 3);
        assert!(check(&[1, 3], &[png(4, 3), png(4, 3)]).is_err());
        assert!(check(&[1, 3], &[png(4, 3), png(3, 4), png(4, 3)]).is_err());
        assert!(check(&[1, 3], &[]).is_err());
    }
}
