//! Pages that somebody worked on: what the hints of tampering are measured with.

use super::super::super::identity::SubjectIdentity;
use super::super::super::random::Draws;
use super::super::super::renderer::portrait;
use super::super::holder::Holder;
use super::super::lettering::{PITCH_UNITS, Setting, UNIT_MM};
use super::{PAGE_RESOLUTION, Page, Printer, rectangle, zone_place};
use crate::geometry::{Affine, Rect, Size};
use crate::imaging::resize::resize;
use crate::imaging::warp::sample_affine;

/// What was done to a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alteration {
    /// A few characters of the zone on a patch of paper, set by hand.
    PatchedZone,
    /// Somebody else's photograph over the portrait.
    PastedPortrait,
}

impl Alteration {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::PatchedZone, Self::PastedPortrait];

    /// Its name, as reports have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PatchedZone => "patched-zone",
            Self::PastedPortrait => "pasted-portrait",
        }
    }
}

impl Printer {
    /// The page with work done on it, drawn from a seed; `None` where it has neither zone nor portrait for it.
    pub fn altered(&mut self, page: &Page, alteration: Alteration, seed: u64) -> Option<Page> {
        let mut d = Draws::new(seed ^ 0x0061_6c74_6572_6564);
        match alteration {
            Alteration::PatchedZone => self.patched(page, &mut d),
            Alteration::PastedPortrait => self.pasted(page, seed, &mut d),
        }
    }

    /// The characters stay the same ones: check digits that are right are the first thing a forger sees to.
    fn patched(&self, page: &Page, d: &mut Draws) -> Option<Page> {
        let (left, centres) = zone_place(page.kind);
        let line = (d.unit() * page.zone.len() as f32) as usize;
        let (text, centre) = (page.zone.get(line)?, centres.get(line)?);
        let length = 2 + (d.unit() * 7.0) as usize;
        let start = 2 + (d.unit() * (text.len() - length - 4) as f32) as usize;
        let pitch = PITCH_UNITS * UNIT_MM;
        let (height, unit) = (page.kind.size_mm().1, UNIT_MM * PAGE_RESOLUTION);
        let mut altered = page.clone();
        // Another sheet is a little darker or lighter, and of another cast.
        let tone = if d.chance(0.75) { d.between(-26.0, -6.0) } else { d.between(3.0, 9.0) };
        let paper = [246.0, 246.0, 243.0].map(|v: f32| (v + tone + d.between(-3.0, 3.0)).clamp(0.0, 255.0) as u8);
        let (above, below) = (d.between(1.5, 2.4), d.between(1.5, 2.4));
        let place = Rect::new(left + start as f32 * pitch - 0.3, height - centre - above, length as f32 * pitch + 0.2, above + below);
        rectangle(&mut altered.picture, place, paper);
        let (x, y) = (left + start as f32 * pitch + d.between(-0.15, 0.15), height - centre + d.between(-0.2, 0.2));
        let ink = [d.between(15.0, 60.0) as u8; 3];
        let setting =
            Setting { x: x * PAGE_RESOLUTION - 113.0 * unit, y: y * PAGE_RESOLUTION + 353.0 * unit, scale: unit, spacing: 1.0, ink };
        self.lettering.draw(&mut altered.picture, &text[start..start + length], &setting);
        Some(altered)
    }

    fn pasted(&mut self, page: &Page, seed: u64, d: &mut Draws) -> Option<Page> {
        let place = page.portrait_mm?;
        let other = Holder::from_seed(seed % 7 + 100).seed;
        let face = self.faces.entry(other).or_insert_with(|| portrait(&SubjectIdentity::from_seed(other), Size::new(280, 360)));
        // Large enough to cover what was there.
        let (width, height) = (place.width + d.between(0.4, 1.6), place.height + d.between(0.4, 1.6));
        let size = Size::new((width * PAGE_RESOLUTION) as u32, (height * PAGE_RESOLUTION) as u32);
        let photograph = resize(face, size);
        let turn = d.between(0.6, 3.0).to_radians() * if d.chance(0.5) { 1.0 } else { -1.0 };
        let centre = (place.centre().x + d.between(-0.4, 0.4), place.centre().y + d.between(-0.4, 0.4));
        let (sin, cos) = turn.sin_cos();
        let (cx, cy) = (centre.0 * PAGE_RESOLUTION, centre.1 * PAGE_RESOLUTION);
        let (half_x, half_y) = (size.width as f32 / 2.0, size.height as f32 / 2.0);
        let from_page = Affine([cos, sin, half_x - cos * cx - sin * cy, -sin, cos, half_y + sin * cx - cos * cy]);
        let mut altered = page.clone();
        let laid = sample_affine(&photograph, &from_page, altered.picture.size(), [0; 3]);
        // The rim of the paper is white, and it throws a shadow to the lower right.
        let rim = d.between(0.0, 0.3) * PAGE_RESOLUTION;
        let shadow = d.between(0.1, 0.35) * PAGE_RESOLUTION;
        let stride = altered.picture.width() as usize;
        for (i, (pixel, new)) in
            altered.picture.bytes_mut().as_chunks_mut::<3>().0.iter_mut().zip(laid.bytes().as_chunks::<3>().0).enumerate()
        {
            let (x, y) = ((i % stride) as f32 + 0.5, (i / stride) as f32 + 0.5);
            let outside = |x: f32, y: f32| {
                let (u, v) = (cos * (x - cx) + sin * (y - cy), cos * (y - cy) - sin * (x - cx));
                (u.abs() - half_x).max(v.abs() - half_y)
            };
            let distance = outside(x, y);
            if distance < -rim {
                *pixel = *new;
            } else if distance < 0.0 {
                *pixel = [236, 236, 232];
            } else if outside(x - shadow, y - shadow) < 0.0 {
                *pixel = pixel.map(|v| (f32::from(v) * 0.62) as u8);
            }
        }
        Some(altered)
    }
}

#[cfg(test)]
mod tests {
    use super::super::PageKind;
    use super::*;

    #[test]
    fn work_is_done_where_there_is_something_to_work_on_and_nowhere_else() {
        let mut printer = Printer::new();
        let holder = Holder::from_seed(3);
        for kind in [PageKind::Passport, PageKind::CardFront, PageKind::CardBack, PageKind::LicenceBack] {
            let page = printer.page(kind, &holder, None);
            for alteration in Alteration::ALL {
                let place = match alteration {
                    Alteration::PatchedZone => page.zone_mm,
                    Alteration::PastedPortrait => page.portrait_mm,
                };
                let altered = printer.altered(&page, alteration, 5);
                assert_eq!(altered.is_some(), place.is_some(), "{kind:?} {alteration:?}");
                let (Some(altered), Some(place)) = (altered, place) else { continue };
                let differs =
                    |x: u32, y: u32| altered.picture.pixel_clamped(x.into(), y.into()) != page.picture.pixel_clamped(x.into(), y.into());
                let near = |x: f32, y: f32| {
                    (place.x - 4.0..place.right() + 4.0).contains(&x) && (place.y - 4.0..place.bottom() + 4.0).contains(&y)
                };
                let changed: Vec<bool> = (0..page.picture.height())
                    .step_by(3)
                    .flat_map(|y| (0..page.picture.width()).step_by(3).map(move |x| (x, y)))
                    .filter(|(x, y)| differs(*x, *y))
                    .map(|(x, y)| near(x as f32 / PAGE_RESOLUTION, y as f32 / PAGE_RESOLUTION))
                    .collect();
                assert!(changed.len() > 100 && changed.iter().all(|near| *near), "{kind:?} {alteration:?}: {}", changed.len());
            }
        }
    }
}
