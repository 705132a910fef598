//! An evidence clip: pictures of a liveness challenge with their times, as one value that is sealed and kept like a picture.
//!
//! `VVCLIP2\n`, then for each picture its milliseconds since the first one (u32), its length (u32), how neutral and how smiling the face is
//! (a byte each, 255 where that is not known) and its JPEG bytes, all little-endian. `VVCLIP1\n` is the same without the two bytes.

use crate::units::SensitiveBytes;

const MAGIC: &[u8; 8] = b"VVCLIP2\n";
const FIRST_MAGIC: &[u8; 8] = b"VVCLIP1\n";
/// For an expression that is not known.
const UNKNOWN: u8 = 255;
/// Pictures that a clip may hold.
pub const MOST_FRAMES: usize = 64;
/// Bytes that one of them may have.
const MOST_BYTES: usize = 4 << 20;

/// What a face shows, by this program's own landmarks: each 0-100, against the same person's neutral face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expression {
    /// 100 for the neutral face itself, 0 where a smile is reached.
    pub neutral: u8,
    /// 0 for the neutral face, 50 where a smile is reached as a challenge asks for it, 100 for twice as much.
    pub smile: u8,
}

/// One picture of a clip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClipFrame {
    /// Milliseconds since the first picture.
    pub millis: u32,
    /// What the face shows; `None` where nobody measured it.
    pub expression: Option<Expression>,
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
        bytes.extend(frame.expression.map_or([UNKNOWN; 2], |e| [e.neutral.min(100), e.smile.min(100)]));
        bytes.extend(&frame.jpeg.0);
    }
    SensitiveBytes(bytes)
}

/// Takes a clip apart; `None` for anything that [`encode`] does not write, or did not write in an earlier version.
#[must_use]
pub fn decode(bytes: &SensitiveBytes) -> Option<Vec<ClipFrame>> {
    let (mut rest, measured) = match (bytes.0.strip_prefix(MAGIC), bytes.0.strip_prefix(FIRST_MAGIC)) {
        (Some(rest), _) => (rest, true),
        (None, Some(rest)) => (rest, false),
        (None, None) => return None,
    };
    let mut frames: Vec<ClipFrame> = Vec::new();
    while !rest.is_empty() {
        let (head, tail) = rest.split_first_chunk::<8>()?;
        let [a, b, c, d, e, f, g, h] = *head;
        let (millis, length) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]) as usize);
        let (expression, tail) = if measured { expression(tail)? } else { (None, tail) };
        let in_order = frames.last().is_none_or(|last| last.millis <= millis);
        if length > MOST_BYTES || length > tail.len() || frames.len() >= MOST_FRAMES || !in_order {
            return None;
        }
        let (jpeg, next) = tail.split_at(length);
        frames.push(ClipFrame { millis, expression, jpeg: SensitiveBytes(jpeg.to_vec()) });
        rest = next;
    }
    Some(frames)
}

fn expression(bytes: &[u8]) -> Option<(Option<Expression>, &[u8])> {
    match bytes.split_first_chunk::<2>()? {
        ([UNKNOWN, UNKNOWN], rest) => Some((None, rest)),
        ([neutral @ 0..=100, smile @ 0..=100], rest) => Some((Some(Expression { neutral: *neutral, smile: *smile }), rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn frames(count: u32) -> Vec<ClipFrame> {
        let expression = |i: u32| (!i.is_multiple_of(3)).then_some(Expression { neutral: 100 - (i % 100) as u8, smile: (i % 100) as u8 });
        let frame = |i: u32| ClipFrame { millis: i * 200, expression: expression(i), jpeg: SensitiveBytes(vec![i as u8; 10 + i as usize]) };
        (0..count).map(frame).collect()
    }

    #[test]
    fn clips_come_back_as_they_were() {
        for count in [0, 1, 40] {
            assert_eq!(decode(&encode(&frames(count))), Some(frames(count)));
        }
        assert_eq!(decode(&encode(&frames(200))).map(|f| f.len()), Some(MOST_FRAMES));
    }

    #[test]
    fn clips_of_the_first_version_are_read_without_expressions() {
        let mut bytes = FIRST_MAGIC.to_vec();
        for frame in frames(3) {
            bytes.extend(frame.millis.to_le_bytes());
            bytes.extend((frame.jpeg.0.len() as u32).to_le_bytes());
            bytes.extend(&frame.jpeg.0);
        }
        let expected: Vec<ClipFrame> = frames(3).into_iter().map(|f| ClipFrame { expression: None, ..f }).collect();
        assert_eq!(decode(&SensitiveBytes(bytes)), Some(expected));
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
            let head = if changed[6] == b'1' { 8 } else { 10 };
            if let Some(frames) = decode(&SensitiveBytes(changed)) {
                prop_assert!(frames.iter().map(|f| f.jpeg.0.len() + head).sum::<usize>() + 8 == whole.len());
            }
            prop_assert_eq!(decode(&SensitiveBytes(noise)), None);
        }
    }
}
