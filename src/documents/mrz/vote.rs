//! Several frames of one zone: vote per place, stop when two frames agree and every check digit is right.

use super::{Line, Reading, read};
use time::Date;

/// Most frames that are kept; older ones go first.
const MOST_FRAMES: usize = 15;

/// The readings of one document, frame by frame.
#[derive(Debug, Default)]
pub struct Votes {
    frames: Vec<Vec<Line>>,
}

impl Votes {
    /// Takes the lines of one frame, already fitted to a format.
    pub fn add(&mut self, lines: Vec<Line>) {
        if self.frames.len() == MOST_FRAMES {
            self.frames.remove(0);
        }
        self.frames.push(lines);
    }

    /// Forgets everything: another document lies there.
    pub fn clear(&mut self) {
        self.frames.clear();
    }

    /// Frames taken so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// Whether no frame was taken yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// The reading on which two frames agree letter by letter, with every check digit right; `None` means: look at more frames.
    #[must_use]
    pub fn agreed(&self, today: Date) -> Option<Reading> {
        for (i, frame) in self.frames.iter().enumerate().rev() {
            let twice = self.frames[..i].iter().any(|other| same_text(other, frame));
            if twice && let Some(reading) = read(frame, today).ok().filter(|r| r.mrz.is_right()) {
                return Some(reading);
            }
        }
        None
    }

    /// The zone in which every place holds the character with the most confidence over all frames of the commonest shape.
    #[must_use]
    pub fn combined(&self) -> Option<Vec<Line>> {
        let shape = |lines: &[Line]| lines.iter().map(|l| l.characters.len()).collect::<Vec<_>>();
        let commonest = self.frames.iter().map(|f| shape(f)).max_by_key(|s| self.frames.iter().filter(|f| shape(f) == *s).count())?;
        let frames: Vec<&Vec<Line>> = self.frames.iter().filter(|f| shape(f) == commonest).collect();
        let line = |index: usize, width: usize| {
            let (characters, confidences): (Vec<char>, Vec<f32>) = (0..width).map(|place| winner(&frames, index, place)).unzip();
            Line { characters, confidences }
        };
        Some(commonest.iter().enumerate().map(|(i, width)| line(i, *width)).collect())
    }
}

fn same_text(a: &[Line], b: &[Line]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.characters == b.characters)
}

/// The character with the greatest sum of confidences and its share of all of them.
fn winner(frames: &[&Vec<Line>], line: usize, place: usize) -> (char, f32) {
    let mut sums: Vec<(char, f32)> = Vec::new();
    for frame in frames {
        let character = frame[line].characters[place];
        // A recogniser without confidences has equal votes; none is worth nothing.
        let weight = frame[line].confidence(place).unwrap_or(0.5).max(0.01);
        match sums.iter_mut().find(|(c, _)| *c == character) {
            Some((_, sum)) => *sum += weight,
            None => sums.push((character, weight)),
        }
    }
    let total: f32 = sums.iter().map(|(_, sum)| sum).sum();
    let (character, sum) = sums.into_iter().fold(('<', 0.0), |best, next| if next.1 > best.1 { next } else { best });
    (character, sum / total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    const NAMES: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
    const DATA: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";
    const TODAY: Date = date!(2026 - 01 - 01);

    fn frame(data: &str) -> Vec<Line> {
        vec![Line::new(NAMES), Line::new(data)]
    }

    #[test]
    fn two_equal_and_right_frames_agree() {
        let mut votes = Votes::default();
        votes.add(frame(DATA));
        assert!(votes.agreed(TODAY).is_none(), "one frame is no agreement");
        votes.add(frame(&DATA.replace("L89", "L39")));
        votes.add(frame(&DATA.replace("L89", "L39")));
        assert!(votes.agreed(TODAY).is_none(), "agreement on a wrong reading does not count");
        votes.add(frame(DATA));
        assert!(votes.agreed(TODAY).is_some());
    }

    #[test]
    fn every_place_goes_to_the_majority() {
        let mut votes = Votes::default();
        assert!(votes.combined().is_none());
        votes.add(frame(&DATA.replace("L898902C3", "L898902G3")));
        votes.add(frame(&DATA.replace("L898902C3", "L8989O2C3")));
        votes.add(frame(&DATA.replace("L898902C3", "I898902C3")));
        let combined = votes.combined().expect("three frames");
        assert_eq!(combined[1].text(), DATA);
        assert!((combined[1].confidences[0] - 2.0 / 3.0).abs() < 1e-6);
    }

    #[test]
    fn a_sure_frame_outweighs_two_unsure_ones() {
        let mut votes = Votes::default();
        let mut sure = vec![0.3; 44];
        sure[4] = 0.95;
        for (text, confidences) in
            [(DATA.to_owned(), sure), (DATA.replace("8989", "898G"), vec![0.3; 44]), (DATA.replace("8989", "898G"), vec![0.3; 44])]
        {
            votes.add(vec![Line::new(NAMES), Line::with_confidences(&text, &confidences)]);
        }
        assert_eq!(votes.combined().expect("three frames")[1].text(), DATA);
    }
}
