//! The search: sizes, turns and groups of lines in order of likelihood, until a zone reads well.

use super::decode::{Scores, Strays};
use super::grouping::{Group, groups};
use super::line::{Cut, LinePicture, TextLine, cut};
use super::pyramid::Pyramid;
use super::{fragments, ridges};
use crate::documents::mrz::check_digit::CheckResult;
use crate::documents::mrz::normalise::{PlaceKind, is_twin, place_kinds};
use crate::documents::mrz::vote::Votes;
use crate::documents::mrz::{self, Change, ChangeKind, Format, Line, Reading};
use crate::geometry::{Point, Size};
use crate::imaging::Frame;
use crate::imaging::luminance::{Plane, grey_plane};
use std::cmp::Ordering;
use std::f32::consts::FRAC_PI_2;
use time::Date;

/// Longer sides of the views, pixels: with these, capitals from 0.5 to 4 % of the picture's longer side are found.
const SIDES: [u32; 5] = [340, 480, 680, 960, 1360];
/// So many of them show the zone of a page that fills the view: its capitals are 1.9 to 2.8 % of the page's longer side.
const PAGE_SIDES: usize = 3;
/// A view at most this much larger than the picture is looked at.
const MOST_ENLARGED: f32 = 3.2;
/// Most lines that are read for one picture.
const MOST_READ: usize = 100;
/// Worth of a reading from which there is no doubt that a zone was found, right or not.
const PLAINLY_A_ZONE: i32 = 150;
/// Groups that are read in one view.
const MOST_GROUPS: usize = 6;
/// Further groups of the same view that are read in search of a second document.
const MOST_OTHERS: usize = 3;
/// Mean probability below which lines, either way up, are no zone.
const READS_AT_ALL: f32 = 0.45;
/// Least probability of the weakest character with which a right zone ends the search.
pub const SURE: f32 = 0.8;
/// Least probability of the weakest character with which a wrong zone that reads the same twice ends the search.
const FAIRLY_SURE: f32 = 0.6;
/// Most characters that may be strays beside a line; with more of them the format is another.
const MOST_STRAYS: usize = 4;
/// Further looks at lines that were not read surely: how far below the middle, how high, and whether in the brightest channel.
const LOOKS: [(f32, f32, bool); 4] = [(0.0, 2.33, true), (0.07, 2.15, false), (-0.07, 2.15, true), (0.0, 2.6, false)];
/// Least mean log probability of a column for lines to count as a zone at all.
const LEAST_SCORE: f32 = -1.2;
/// A character that only the kind of its place speaks for must have at least this probability, or be the twin of what was read.
const LEAST_FORCED: f32 = 0.02;

/// Reads pictures of lines.
pub trait LineReader {
    /// Why reading failed.
    type Error;

    /// Columns and rows of the pictures it wants.
    fn size(&self) -> Size;

    /// The scores of each picture, in order.
    ///
    /// # Errors
    /// Whatever keeps the network from answering.
    fn read(&mut self, lines: &[LinePicture]) -> Result<Vec<Scores>, Self::Error>;
}

/// A zone found in a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What it says.
    pub reading: Reading,
    /// Corners of its lines together, in pixels of the picture: top left first as the zone is read, then clockwise.
    pub corners: [Point; 4],
    /// Height of its capitals, pixels of the picture.
    pub capitals: f32,
    /// Probability of the weakest character, 0 to 1.
    pub weakest: f32,
    /// Other zones beside it that read right: more than one document lies there.
    pub others: usize,
}

impl Found {
    /// Whether every check digit is right and nothing breaks the standard.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.reading.mrz.is_right()
    }

    /// How far the zone is turned against the picture, radians clockwise.
    #[must_use]
    pub fn turn(&self) -> f32 {
        let [left, right, ..] = self.corners;
        (right.y - left.y).atan2(right.x - left.x)
    }
}

/// Looks for a zone in a picture and reads it. Of several readings the one with most right check digits; `None` without anything like a zone.
///
/// # Errors
/// The reader's.
pub fn find<R: LineReader>(picture: &Frame, reader: &mut R, today: Date) -> Result<Option<Found>, R::Error> {
    let mut search = Search::new(picture, reader, today);
    let mut turns: Vec<f32> = Vec::new();
    let directions = fragments::directions(&search.grey, 3);
    // Most pictures are upright, so no turn comes first unless text plainly runs another way.
    let leaning = directions.first().is_some_and(|d| d.abs() > 0.06);
    let fixed = if leaning { [None, Some(0.0), Some(FRAC_PI_2)] } else { [Some(0.0), None, Some(FRAC_PI_2)] };
    for turn in fixed.into_iter().flat_map(|f| f.map_or_else(|| directions.clone(), |t| vec![t])) {
        let is_new = turns.iter().all(|t| (t - turn).abs() > 0.035 && (t - turn).abs() < std::f32::consts::PI - 0.035);
        if is_new {
            turns.push(turn);
            // Where two check digits fit, the zone was found: other turns would not read it better.
            if search.turn(turn, &SIDES)? || search.best.as_ref().is_some_and(|(value, _)| *value >= PLAINLY_A_ZONE) {
                break;
            }
        }
    }
    Ok(search.best.map(|(_, mut found)| {
        found.reading.suggest(today);
        found
    }))
}

/// As [`find`], in a page that was cut out and flattened: its lines run along its upper edge, and how large they are is known.
///
/// # Errors
/// The reader's.
pub fn find_on_page<R: LineReader>(page: &Frame, reader: &mut R, today: Date) -> Result<Option<Found>, R::Error> {
    let mut search = Search::new(page, reader, today);
    search.turn(0.0, &SIDES[..PAGE_SIDES])?;
    Ok(search.best.map(|(_, mut found)| {
        found.reading.suggest(today);
        found
    }))
}

/// Reads the lines at places where a zone may be, in this order, until one reads well; `None` where none of them reads right. Unlike lines that were
/// found as rows of print, these may have lost characters that no check digit covers: then nothing was read.
///
/// # Errors
/// The reader's.
pub fn read_at<R: LineReader>(picture: &Frame, places: &[Group], reader: &mut R, today: Date) -> Result<Option<Found>, R::Error> {
    let mut search = Search::new(picture, reader, today);
    for place in places {
        if search.try_group(place)? {
            break;
        }
    }
    Ok(search.best.map(|(_, found)| found).filter(|found| found.is_right() && found.weakest >= FAIRLY_SURE))
}

struct Search<'a, R> {
    grey: Pyramid,
    /// Black print on coloured print: the brightest channel of every pixel.
    bright: Option<Pyramid>,
    picture: &'a Frame,
    reader: &'a mut R,
    today: Date,
    read: usize,
    best: Option<(i32, Found)>,
}

impl<'a, R: LineReader> Search<'a, R> {
    fn new(picture: &'a Frame, reader: &'a mut R, today: Date) -> Self {
        Self { grey: Pyramid::new(grey_plane(picture)), bright: None, picture, reader, today, read: 0, best: None }
    }

    /// Looks at these sizes with text along `angle`; whether the search is over.
    fn turn(&mut self, angle: f32, sides: &[u32]) -> Result<bool, R::Error> {
        let longest = self.picture.width().max(self.picture.height()) as f32;
        for side in sides.iter().copied().filter(|s| *s as f32 <= MOST_ENLARGED * longest) {
            let level = self.grey.level(side, angle);
            let lines: Vec<TextLine> =
                ridges::tracks(&level.plane).iter().filter_map(|t| TextLine::measure(t, &level, &self.grey)).collect();
            let found = groups(lines);
            for (i, group) in found.iter().enumerate().take(MOST_GROUPS) {
                if self.read >= MOST_READ {
                    return Ok(true);
                }
                if self.try_group(group)? {
                    let rest: Vec<&Group> = found[i + 1..].iter().filter(|g| !g.overlaps(group)).take(MOST_OTHERS).collect();
                    self.count_others(&rest)?;
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Reads what else in the view could be a zone: a second document is a reason to capture again.
    fn count_others(&mut self, rest: &[&Group]) -> Result<(), R::Error> {
        for group in rest {
            let other = self.first_look(group)?;
            let Some((_, best)) = &mut self.best else { return Ok(()) };
            if other.is_some_and(|(o, _)| o.reading.mrz.is_right() && o.reading.mrz.lines != best.reading.mrz.lines) {
                best.others += 1;
            }
        }
        Ok(())
    }

    /// Reads a group; whether it reads so well that the search is over.
    fn try_group(&mut self, group: &Group) -> Result<bool, R::Error> {
        let Some((fit, upside_down)) = self.first_look(group)? else { return Ok(false) };
        if self.offer(group, &fit, upside_down) {
            return Ok(true);
        }
        let mut fits = vec![fit];
        // Unsure or wrong: other cuts of the same lines, on grey and on the brightest channel, vote place by place.
        for (shift, tall, bright) in LOOKS {
            let how = Cut { shift, tall, upside_down, ..Cut::default() };
            let scores = self.look(&group.lines, &how, bright)?;
            if let Some(fit) = best_fit(&scores, self.today) {
                if self.offer(group, &fit, upside_down) {
                    return Ok(true);
                }
                fits.push(fit);
            }
        }
        Ok(combined(&fits, self.today).is_some_and(|fit| self.offer(group, &fit, upside_down)))
    }

    /// Keeps the best reading; whether it is so good that the search is over.
    fn offer(&mut self, group: &Group, fit: &Fit, upside_down: bool) -> bool {
        let reading = &fit.reading;
        let weakest = reading.lines.iter().flat_map(|l| &l.confidences).copied().fold(1.0, f32::min);
        let value = value(reading);
        let right = reading.mrz.is_right();
        // The same lines of another view, read as surely: looking on changes nothing, even if they are wrong as printed.
        let again = self.best.as_ref().is_some_and(|(_, best)| best.reading.mrz.lines == reading.mrz.lines && best.weakest >= FAIRLY_SURE);
        if self.best.as_ref().is_none_or(|(best, _)| value > *best) {
            let first = &group.lines[0];
            let capitals = first.capitals * first.scale();
            let corners = corners(&group.lines, upside_down);
            self.best = Some((value, Found { reading: reading.clone(), corners, capitals, weakest, others: 0 }));
        }
        weakest >= SURE && (right || again)
    }

    fn look(&mut self, lines: &[TextLine], how: &Cut, bright: bool) -> Result<Vec<Scores>, R::Error> {
        let size = self.reader.size();
        if bright && self.bright.is_none() {
            self.bright = Some(Pyramid::new(brightest(self.picture)));
        }
        let pyramid = self.bright.as_ref().filter(|_| bright).unwrap_or(&self.grey);
        let mut pictures: Vec<LinePicture> = lines.iter().map(|l| cut(l, pyramid, size, how)).collect();
        if how.upside_down {
            pictures.reverse();
        }
        self.read += pictures.len();
        self.reader.read(&pictures)
    }

    /// The lines upright, or upside down where that says more; `None` if neither reads like a zone. Upside down many characters read as surely
    /// as upright, as others: only what the lines say tells.
    fn first_look(&mut self, group: &Group) -> Result<Option<(Fit, bool)>, R::Error> {
        let mut best: Option<(Fit, bool)> = None;
        for upside_down in [false, true] {
            let scores = self.look(&group.lines, &Cut { upside_down, ..Cut::default() }, false)?;
            if quality(&scores) < READS_AT_ALL {
                continue;
            }
            let Some(fit) = best_fit(&scores, self.today) else { continue };
            let right = fit.reading.mrz.is_right();
            if best.as_ref().is_none_or(|(b, _)| value(&fit.reading) > value(&b.reading)) {
                best = Some((fit, upside_down));
            }
            if right {
                break;
            }
        }
        Ok(best)
    }
}

/// Mean probability of the characters; less where a line has fewer than thirty, as no line of a zone has.
fn quality(scores: &[Scores]) -> f32 {
    let of = |scores: &Scores| {
        let line = scores.greedy();
        let count = line.characters.len();
        let mean = line.confidences.iter().sum::<f32>() / count.max(1) as f32;
        mean * (count as f32 / 30.0).min(1.0)
    };
    scores.iter().map(of).sum::<f32>() / scores.len().max(1) as f32
}

/// Lines fitted to a format, and what they say.
struct Fit {
    /// As the network said them, fitted to the length alone.
    free: Vec<Line>,
    /// With the kinds of their places.
    typed: Vec<Line>,
    /// Mean log probability of a column; 0 is certain.
    score: f32,
    reading: Reading,
}

/// The best format and place of the lines.
fn best_fit(scores: &[Scores], today: Date) -> Option<Fit> {
    let widths: &[usize] = if scores.len() == 3 { &[30] } else { &[36, 44] };
    let greedy: Vec<Line> = scores.iter().map(Scores::greedy).collect();
    let mut fits: Vec<Fit> = Vec::new();
    for width in widths {
        fits.extend(fitted(scores, *width, Strays::default(), today));
        let over = greedy.iter().map(|l| l.characters.len()).max().unwrap_or(0).saturating_sub(*width);
        if (1..=MOST_STRAYS).contains(&over) {
            for (before, after) in [(true, false), (false, true), (true, true)] {
                fits.extend(fitted(scores, *width, Strays { before, after }, today));
            }
        }
    }
    fits.retain(|f| f.score > LEAST_SCORE);
    if let Ok(located) = mrz::locate::locate_without_suggestion(&greedy, today)
        && located.reading.lines.len() == scores.len()
    {
        let lines = located.reading.lines.clone();
        fits.push(Fit { free: lines.clone(), typed: lines, score: LEAST_SCORE, reading: located.reading });
    }
    fits.into_iter().max_by(|a, b| (value(&a.reading), a.score).partial_cmp(&(value(&b.reading), b.score)).unwrap_or(Ordering::Equal))
}

/// Several fits of the same lines, each place by majority; `None` with fewer than two of one shape.
fn combined(fits: &[Fit], today: Date) -> Option<Fit> {
    let (mut free, mut typed) = (Votes::default(), Votes::default());
    let best = fits.iter().max_by_key(|f| value(&f.reading))?;
    let widths = |f: &Fit| f.typed.iter().map(|l| l.characters.len()).collect::<Vec<_>>();
    for fit in fits.iter().filter(|f| widths(f) == widths(best)) {
        free.add(fit.free.clone());
        typed.add(fit.typed.clone());
    }
    if typed.len() < 2 {
        return None;
    }
    understood(free.combined()?, typed.combined()?, best.score, today)
}

/// What a reading is worth against others: right check digits first, then faults, then how sure its weakest characters are.
fn value(reading: &Reading) -> i32 {
    let right = reading.mrz.checks.all().iter().filter(|c| **c == CheckResult::Right).count() as i32;
    let errors = reading.mrz.findings.iter().filter(|f| f.is_error()).count() as i32;
    let odd = reading.mrz.findings.len() as i32 - errors;
    let first = reading.lines.first().and_then(|l| l.characters.first()).copied().unwrap_or('<');
    let starts = i32::from(reading.mrz.format.may_start_with(first));
    let confidences: Vec<f32> = reading.lines.iter().flat_map(|l| &l.confidences).copied().collect();
    let doubt: f32 = confidences.iter().map(|c| 1.0 - c).sum();
    let changed = reading.changes.len() as i32;
    1000 * i32::from(reading.mrz.is_right()) + 100 * right - 60 * errors + 50 * starts - 10 * odd - 3 * changed - (10.0 * doubt) as i32
}

/// Lines of exactly this width, freely and then with the kinds of their places.
fn fitted(scores: &[Scores], width: usize, strays: Strays, today: Date) -> Option<Fit> {
    let any = vec![PlaceKind::Any; width];
    let free = scores.iter().map(|s| s.fitted(&any, strays)).collect::<Option<Vec<_>>>()?;
    let characters: Vec<Vec<char>> = free.iter().map(|f| f.line.characters.clone()).collect();
    let kinds = place_kinds(Format::of_lines(&characters)?);
    let mut typed = Vec::with_capacity(free.len());
    for ((scores, free), kinds) in scores.iter().zip(&free).zip(&kinds) {
        let mut line = scores.fitted(kinds, strays)?.line;
        for place in 0..width {
            let (from, to) = (free.line.characters[place], line.characters[place]);
            if from != to && !is_twin(from, to) && line.confidences[place] < LEAST_FORCED {
                line.characters[place] = from;
                line.confidences[place] = free.line.confidences[place];
            }
        }
        typed.push(line);
    }
    let score = free.iter().map(|f| f.score).sum::<f32>() / free.len() as f32;
    understood(free.into_iter().map(|f| f.line).collect(), typed, score, today)
}

/// What lines say; what the kinds of their places changed is recorded as forced.
fn understood(free: Vec<Line>, typed: Vec<Line>, score: f32, today: Date) -> Option<Fit> {
    let mut reading = mrz::read_without_suggestion(&typed, today).ok()?;
    reading.as_given = mrz::read_without_suggestion(&free, today).ok().and_then(|r| r.as_given);
    let mut changes = Vec::new();
    for (line, (free, typed)) in free.iter().zip(&typed).enumerate() {
        for (place, (from, to)) in free.characters.iter().zip(&typed.characters).enumerate().filter(|(_, (from, to))| from != to) {
            changes.push(Change { line, place, from: Some(*from), to: Some(*to), kind: ChangeKind::ForcedByType });
        }
    }
    changes.append(&mut reading.changes);
    reading.changes = changes;
    Some(Fit { free, typed, score, reading })
}

/// The outline of the lines, in reading order.
fn corners(lines: &[TextLine], upside_down: bool) -> [Point; 4] {
    let (first, last) = (&lines[0], &lines[lines.len() - 1]);
    let half = |l: &TextLine| l.capitals / 2.0;
    let mut corners = [
        first.point(first.left, -half(first)),
        first.point(first.right, -half(first)),
        last.point(last.right, half(last)),
        last.point(last.left, half(last)),
    ];
    if upside_down {
        corners.rotate_left(2);
    }
    corners
}

/// The brightest channel: coloured marks over black print vanish, black print stays.
fn brightest(picture: &Frame) -> Plane {
    let values = picture.bytes().as_chunks::<3>().0.iter().map(|[r, g, b]| *r.max(g).max(b)).collect();
    Plane { size: picture.size(), values }
}
