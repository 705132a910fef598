//! Bytes whose length the content itself states: a claimed length costs no memory until its bytes are there.

use super::SealedError;
use crate::units::SensitiveBytes;

/// Fills a buffer from the content.
pub type Read<'a> = dyn FnMut(&mut [u8]) -> Result<(), SealedError> + 'a;
/// Adds bytes to the content.
pub type Write<'a> = dyn FnMut(&[u8]) -> Result<(), SealedError> + 'a;

/// Memory is taken in steps of this.
const STEP: usize = 64 << 10;

/// The next `length` bytes.
///
/// - `limit`: most bytes there may be; a length that claims more is damage.
/// - `what`: the part that is damaged then.
///
/// # Errors
/// [`SealedError::Damaged`] beyond the limit, or as `read` gives it.
pub fn read_bytes(read: &mut Read<'_>, length: usize, limit: usize, what: &'static str) -> Result<SensitiveBytes, SealedError> {
    if length > limit {
        return Err(SealedError::Damaged { what });
    }
    let mut bytes = SensitiveBytes(Vec::new());
    while bytes.0.len() < length {
        let there = bytes.0.len();
        bytes.0.resize(length.min(there + STEP), 0);
        read(&mut bytes.0[there..])?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claimed_length_costs_nothing_before_its_bytes_are_there() {
        let mut asked = Vec::new();
        let ended = read_bytes(
            &mut |buffer| {
                asked.push(buffer.len());
                if asked.len() < 3 { Ok(()) } else { Err(SealedError::Damaged { what: "it ends too early" }) }
            },
            1 << 40,
            1 << 41,
            "a picture",
        );
        assert!(matches!(ended, Err(SealedError::Damaged { what: "it ends too early" })));
        assert_eq!(asked, [STEP; 3], "a step at a time, and none after the end");
        let beyond = read_bytes(&mut |_| panic!("nothing is read"), 11, 10, "a picture");
        assert!(matches!(beyond, Err(SealedError::Damaged { what: "a picture" })));
        let whole = read_bytes(
            &mut |buffer| {
                buffer.fill(7);
                Ok(())
            },
            STEP + 1,
            STEP + 1,
            "a picture",
        )
        .unwrap();
        assert_eq!((whole.0.len(), whole.0.iter().all(|b| *b == 7)), (STEP + 1, true));
    }
}
