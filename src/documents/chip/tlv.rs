//! Tag, length, value: the encoding of every file on a chip, of certificates and of protected messages, read without copying.

/// Bytes that are no TLV objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TlvError {
    /// The bytes end inside an object.
    #[error("the data end inside an object")]
    Truncated,
    /// A tag of more than three bytes, or a length of more than four.
    #[error("an object has no readable tag or length")]
    Header,
    /// Another object stands where one was expected.
    #[error("tag {found:X} stands where {expected:X} was expected")]
    Unexpected {
        /// The tag looked for.
        expected: u32,
        /// The tag found.
        found: u32,
    },
    /// Nothing stands where an object was expected.
    #[error("object {expected:X} is missing")]
    Missing {
        /// The tag looked for.
        expected: u32,
    },
    /// More bytes follow where the data should end.
    #[error("more bytes follow the last object")]
    Trailing,
    /// The value of an object means nothing.
    #[error("object {tag:X} has no meaningful value")]
    Value {
        /// Its tag.
        tag: u32,
    },
}

/// One object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tlv<'a> {
    /// The tag with all its bytes, for instance `0x5F1F`.
    pub tag: u32,
    /// The value.
    pub value: &'a [u8],
    /// Tag, length and value as they stand.
    pub raw: &'a [u8],
}

/// Tag, bytes of tag and length together, and length of the value. The value need not be there.
///
/// # Errors
/// [`TlvError::Truncated`] if the header is not whole, [`TlvError::Header`] if it has no readable form (indefinite lengths included).
pub fn header(bytes: &[u8]) -> Result<(u32, usize, usize), TlvError> {
    let byte = |at: usize| bytes.get(at).copied().ok_or(TlvError::Truncated);
    let mut tag = u32::from(byte(0)?);
    let mut at = 1;
    if tag & 0x1F == 0x1F {
        loop {
            let next = byte(at)?;
            tag = tag << 8 | u32::from(next);
            at += 1;
            if next & 0x80 == 0 {
                break;
            }
            if at == 3 {
                return Err(TlvError::Header);
            }
        }
    }
    let first = byte(at)?;
    at += 1;
    let length = match first {
        0..=0x7F => usize::from(first),
        0x81..=0x84 => {
            let mut length = 0_usize;
            for _ in 0..first & 0x7F {
                length = length << 8 | usize::from(byte(at)?);
                at += 1;
            }
            length
        }
        _ => return Err(TlvError::Header),
    };
    Ok((tag, at, length))
}

/// Objects one after the other.
#[derive(Debug, Clone, Copy)]
pub struct Objects<'a> {
    rest: &'a [u8],
}

impl<'a> Objects<'a> {
    /// The objects in `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The tag of the next object; `None` at the end or where no tag can be read.
    #[must_use]
    pub fn peek(&self) -> Option<u32> {
        header(self.rest).ok().map(|(tag, ..)| tag)
    }

    /// The next object; `None` at the end.
    ///
    /// # Errors
    /// [`TlvError`] if the bytes there are no whole object.
    #[allow(clippy::should_implement_trait, reason = "reading can fail, and an iterator that goes on after a failure would be misread")]
    pub fn next(&mut self) -> Result<Option<Tlv<'a>>, TlvError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (tag, start, length) = header(self.rest)?;
        let end = start.checked_add(length).ok_or(TlvError::Truncated)?;
        let value = self.rest.get(start..end).ok_or(TlvError::Truncated)?;
        let (raw, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(Some(Tlv { tag, value, raw }))
    }

    /// The next object, which must have this tag.
    ///
    /// # Errors
    /// [`TlvError`] if it does not.
    pub fn take(&mut self, expected: u32) -> Result<Tlv<'a>, TlvError> {
        match self.next()? {
            Some(found) if found.tag == expected => Ok(found),
            Some(found) => Err(TlvError::Unexpected { expected, found: found.tag }),
            None => Err(TlvError::Missing { expected }),
        }
    }

    /// The next object if it has this tag.
    ///
    /// # Errors
    /// [`TlvError`] if an object with this tag starts but is not whole.
    pub fn take_if(&mut self, tag: u32) -> Result<Option<Tlv<'a>>, TlvError> {
        if self.peek() == Some(tag) { self.next() } else { Ok(None) }
    }

    /// Nothing must follow.
    ///
    /// # Errors
    /// [`TlvError::Trailing`] if something does.
    pub const fn end(self) -> Result<(), TlvError> {
        if self.rest.is_empty() { Ok(()) } else { Err(TlvError::Trailing) }
    }

    /// The first of the remaining objects with this tag.
    ///
    /// # Errors
    /// [`TlvError`] if there is none before the end or before bytes that are no object.
    pub fn find(mut self, expected: u32) -> Result<Tlv<'a>, TlvError> {
        while let Some(object) = self.next()? {
            if object.tag == expected {
                return Ok(object);
            }
        }
        Err(TlvError::Missing { expected })
    }
}

/// The value of the one object that `bytes` must be.
///
/// # Errors
/// [`TlvError`] if they are anything else.
pub fn only(bytes: &[u8], tag: u32) -> Result<&[u8], TlvError> {
    let mut objects = Objects::new(bytes);
    let object = objects.take(tag)?;
    objects.end()?;
    Ok(object.value)
}

/// A small unsigned INTEGER.
pub(super) fn small_integer(object: &Tlv<'_>) -> Result<u32, TlvError> {
    let value = match object.value {
        [0, rest @ ..] if !rest.is_empty() => rest,
        [first, ..] if first & 0x80 == 0 => object.value,
        _ => return Err(TlvError::Value { tag: object.tag }),
    };
    if value.len() > 4 {
        return Err(TlvError::Value { tag: object.tag });
    }
    Ok(value.iter().fold(0, |n, b| n << 8 | u32::from(*b)))
}

/// An object with the shortest length that fits.
#[must_use]
pub fn encode(tag: u32, value: &[u8]) -> Vec<u8> {
    let significant = |n: u32| n.to_be_bytes().into_iter().skip_while(|b| *b == 0).collect::<Vec<u8>>();
    let mut object = significant(tag);
    let length = u32::try_from(value.len()).unwrap_or(u32::MAX);
    match length {
        0..=0x7F => object.push(value.len() as u8),
        _ => {
            let bytes = significant(length);
            object.push(0x80 | bytes.len() as u8);
            object.extend(bytes);
        }
    }
    object.extend_from_slice(value);
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_read_in_their_order() {
        let bytes = [0x5F, 0x1F, 2, 1, 2, 0x30, 0x81, 1, 9, 0x04, 0];
        let mut objects = Objects::new(&bytes);
        assert_eq!(objects.take(0x5F1F), Ok(Tlv { tag: 0x5F1F, value: &[1, 2], raw: &bytes[..5] }));
        assert_eq!(objects.take_if(0x04), Ok(None));
        assert_eq!(objects.next().map(|o| o.map(|o| (o.tag, o.value))), Ok(Some((0x30, &[9][..]))));
        assert_eq!(objects.take(0x02), Err(TlvError::Unexpected { expected: 0x02, found: 0x04 }));
        assert_eq!(objects.end(), Ok(()));
        assert_eq!(Objects::new(&bytes).find(0x04).map(|o| o.value.len()), Ok(0));
    }

    #[test]
    fn what_is_not_whole_is_refused() {
        let cases: [(&[u8], TlvError); 6] = [
            (&[0x30], TlvError::Truncated),
            (&[0x30, 2, 0], TlvError::Truncated),
            (&[0x30, 0x80, 0, 0], TlvError::Header),
            (&[0x30, 0x85, 0, 0, 0, 0, 0], TlvError::Header),
            (&[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], TlvError::Truncated),
            (&[0x7F, 0x80, 0x80, 0x01, 0], TlvError::Header),
        ];
        for (bytes, error) in cases {
            assert_eq!(Objects::new(bytes).next(), Err(error), "{bytes:X?}");
        }
        assert_eq!(only(&[0x30, 0, 0], 0x30), Err(TlvError::Trailing));
        assert_eq!(only(&[], 0x30), Err(TlvError::Missing { expected: 0x30 }));
    }

    #[test]
    fn what_is_written_is_read_back() {
        for length in [0, 1, 127, 128, 255, 256, 65_536] {
            let value = vec![7; length];
            for tag in [0x04, 0x87, 0x5F2E, 0x7F60] {
                assert_eq!(only(&encode(tag, &value), tag), Ok(&value[..]));
            }
        }
    }
}
