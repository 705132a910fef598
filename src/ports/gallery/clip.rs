//! An evidence clip: pictures of a liveness challenge with their times, as one value that is sealed and kept like a picture.
//!
//! `VVCLIP1\n`, then for each picture its milliseconds since the first one (u32), its length (u32) and its JPEG bytes, all little-endian.

use crate::units::SensitiveBytes;

const MAGIC: &[u8; 8] = b"VVCLIP1\n";
/// Pictures that a clip may hold.
pub const MOST_FRAMES: usize = 64;
/// Bytes that one of them may have.
const MOST_BYTES: usize = 4 << 20;

/// One picture of a clip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClipFrame {
    /// Milliseconds since the first picture.
    pub millis: u32,
    /// The picture, JPEG.
    pub jpeg: SensitiveBytes,
}

/// Puts pictures together; more than [`MOST_FRAMES`] and pictures of more than 4 MiB are left out.
#[must_use]
pub fn encode(frames: &[ClipFrame]) -> SensitiveBytes {
    let mut bytes = MAGIC.to_vec();
    for frame in frames.iter().filter(|f| f.jpeg.0.len() <= MOST_BYTES).take(MOST_FRAMES) {
        bytes.extend(frame.millis.to_le_bytes());
        bytes.extend((frame.jpeg.0.len() as u32).to_le_bytes());
        bytes.extend(&frame.jpeg.0);
    }
    SensitiveBytes(bytes)
}

/// Takes a clip apart; `None` for anything that [`encode`] does not write.
#[must_use]
pub fn decode(bytes: &SensitiveBytes) -> Option<Vec<ClipFrame>> {
    let mut rest = bytes.0.strip_prefix(MAGIC)?;
    let mut frames: Vec<ClipFrame> = Vec::new();
    while !rest.is_empty() {
        let (head, tail) = rest.split_first_chunk::<8>()?;
        let [a, b, c, d, e, f, g, h] = *head;
        let (millis, length) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]) as usize);
        let in_order = frames.last().is_none_or(|last| last.millis <= millis);
        if length > MOST_BYTES || length > tail.len() || frames.len() >= MOST_FRAMES || !in_order {
            return None;
        }
        let (jpeg, next) = tail.split_at(length);
        frames.push(ClipFrame { millis, jpeg: SensitiveBytes(jpeg.to_vec()) });
        rest = next;
    }
    Some(frames)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frames(count: u32) -> Vec<ClipFrame> {
        (0..count).map(|i| ClipFrame { millis: i * 200, jpeg: SensitiveBytes(vec![i as u8; 10 + i as usize]) }).collect()
    }

    #[test]
    fn clips_come_back_as_they_were() {
        for count in [0, 1, 40] {
            assert_eq!(decode(&encode(&frames(count))), Some(frames(count)));
        }
        assert_eq!(decode(&encode(&frames(200))).map(|f| f.len()), Some(MOST_FRAMES));
    }

    proptest! {
        #[test]
        fn nothing_else_is_read(cut in 0usize..400, at in 0usize..400, value: u8, noise in proptest::collection::vec(any::<u8>(), 0..200)) {
            let whole = encode(&frames(8)).0.clone();
            let cut = cut % whole.len();
            let at_border = (0..=8).any(|n| encode(&frames(n)).0.len() == cut);
            prop_assert_eq!(decode(&SensitiveBytes(whole[..cut].to_vec())).is_some(), at_border);
            let mut changed = whole.clone();
            changed[at % whole.len()] = value;
            if let Some(frames) = decode(&SensitiveBytes(changed)) {
                prop_assert!(frames.iter().map(|f| f.jpeg.0.len() + 8).sum::<usize>() + 8 == whole.len());
            }
            prop_assert_eq!(decode(&SensitiveBytes(noise)), None);
        }
    }
}
