//! Pictures as textures: the live frame, portraits of people, the picture under review. Uploaded once, kept while used.

use crate::geometry::Size;
use crate::imaging::Frame;
use crate::ports::camera::CapturedFrame;
use crate::ports::gallery::{PictureKind, SubjectId};
use crate::runtime::messages::Command;
use egui::{ColorImage, Context, TextureHandle, TextureId, TextureOptions};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Portraits kept at most; the oldest go first.
const PORTRAITS_KEPT: usize = 256;
/// Pictures shown together at most.
const KEPT: usize = 6;
/// Such a picture is reduced to this longer side before upload, pixels.
const KEPT_SIDE: u32 = 1600;
/// Portraits are shown small: a longer side than this is reduced before upload, pixels.
const PORTRAIT_SIDE: u32 = 480;

/// A texture and the size of its picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shown {
    /// The texture.
    pub texture: TextureId,
    /// Its pixels.
    pub size: Size,
}

/// All textures of a window.
#[derive(Default)]
pub struct Pictures {
    live: Option<(u64, TextureHandle)>,
    still: Option<(Arc<Frame>, TextureHandle)>,
    kept: Vec<(Arc<Frame>, TextureHandle)>,
    portraits: HashMap<SubjectId, (u64, Option<TextureHandle>)>,
    asked: HashSet<SubjectId>,
    age: u64,
    waiting: Vec<(SubjectId, Option<Arc<Frame>>)>,
}

fn upload(ctx: &Context, name: &str, frame: &Frame) -> TextureHandle {
    ctx.load_texture(name, colour_image(frame), TextureOptions::LINEAR)
}

fn colour_image(frame: &Frame) -> ColorImage {
    ColorImage::from_rgb([frame.width() as usize, frame.height() as usize], frame.bytes())
}

/// Averages blocks of whole pixels so that the longer side is at most `side`; small pictures stay as they are.
fn reduced(frame: &Frame, side: u32) -> Frame {
    let block = frame.width().max(frame.height()).div_ceil(side).max(1);
    if block == 1 {
        return frame.clone();
    }
    Frame::from_fn(Size::new(frame.width() / block, frame.height() / block), |x, y| {
        let mut sums = [0u32; 3];
        for dy in 0..block {
            let row = frame.row(y * block + dy);
            for dx in 0..block {
                let at = ((x * block + dx) * 3) as usize;
                for (sum, value) in sums.iter_mut().zip(&row[at..at + 3]) {
                    *sum += u32::from(*value);
                }
            }
        }
        sums.map(|sum| (sum / (block * block)) as u8)
    })
}

impl Pictures {
    /// The newest live frame; uploaded only when its number changed.
    pub fn live(&mut self, ctx: &Context, captured: &CapturedFrame) -> Shown {
        let size = captured.frame.size();
        match &mut self.live {
            Some((number, texture)) => {
                if *number != captured.number {
                    texture.set(colour_image(&captured.frame), TextureOptions::LINEAR);
                    *number = captured.number;
                }
            }
            None => self.live = Some((captured.number, upload(ctx, "live", &captured.frame))),
        }
        let (_, texture) = self.live.as_ref().expect("set just above");
        Shown { texture: texture.id(), size }
    }

    /// Forgets the live frame, so that nothing of the last subject stays.
    pub fn forget_live(&mut self) {
        self.live = None;
        self.still = None;
        self.kept.clear();
    }

    /// A picture under review.
    pub fn still(&mut self, ctx: &Context, frame: &Arc<Frame>) -> Shown {
        if !self.still.as_ref().is_some_and(|(held, _)| Arc::ptr_eq(held, frame)) {
            self.still = Some((Arc::clone(frame), upload(ctx, "still", frame)));
        }
        let (_, texture) = self.still.as_ref().expect("set just above");
        Shown { texture: texture.id(), size: frame.size() }
    }

    /// One of a few pictures shown together, for instance page, portrait and face of a document.
    pub fn kept(&mut self, ctx: &Context, frame: &Arc<Frame>) -> Shown {
        let place = self.kept.iter().position(|(held, _)| Arc::ptr_eq(held, frame)).unwrap_or_else(|| {
            // A page shows fewer; what is left over belongs to another one.
            self.kept.truncate(KEPT - 1);
            let shown = reduced(frame, KEPT_SIDE);
            self.kept.push((Arc::clone(frame), upload(ctx, "kept", &shown)));
            self.kept.len() - 1
        });
        Shown { texture: self.kept[place].1.id(), size: frame.size() }
    }

    /// The portrait of a person, asked for when it is not here yet; `None` while waiting or where there is none.
    pub fn portrait(&mut self, ctx: &Context, subject: SubjectId, send: &mut dyn FnMut(Command)) -> Option<Shown> {
        self.take_waiting(ctx);
        self.age += 1;
        if let Some((age, texture)) = self.portraits.get_mut(&subject) {
            *age = self.age;
            return texture.as_ref().map(|t| Shown { texture: t.id(), size: Size::new(t.size()[0] as u32, t.size()[1] as u32) });
        }
        if self.asked.insert(subject) {
            send(Command::LoadPicture(subject, PictureKind::Portrait));
        }
        None
    }

    /// Takes over a portrait that was asked for.
    pub fn arrived(&mut self, subject: SubjectId, frame: Option<Arc<Frame>>) {
        self.waiting.push((subject, frame));
    }

    /// Forgets a person's portrait, because it changed or they were erased.
    pub fn forget(&mut self, subject: SubjectId) {
        self.portraits.remove(&subject);
        self.asked.remove(&subject);
        self.waiting.retain(|(s, _)| *s != subject);
    }

    fn take_waiting(&mut self, ctx: &Context) {
        for (subject, frame) in std::mem::take(&mut self.waiting) {
            if !self.asked.remove(&subject) {
                continue;
            }
            let texture = frame.map(|f| upload(ctx, "portrait", &reduced(&f, PORTRAIT_SIDE)));
            self.age += 1;
            self.portraits.insert(subject, (self.age, texture));
            if self.portraits.len() > PORTRAITS_KEPT
                && let Some(oldest) = self.portraits.iter().min_by_key(|(_, (age, _))| *age).map(|(s, _)| *s)
            {
                self.portraits.remove(&oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::camera::Origin;
    use crate::units::Moment;
    use uuid::Uuid;

    #[test]
    fn a_portrait_is_asked_for_once_and_shown_when_it_arrives() {
        let ctx = Context::default();
        let mut pictures = Pictures::default();
        let subject = SubjectId(Uuid::from_u128(1));
        let mut asked = 0;
        for _ in 0..3 {
            assert_eq!(pictures.portrait(&ctx, subject, &mut |_| asked += 1), None);
        }
        assert_eq!(asked, 1);
        pictures.arrived(subject, Some(Arc::new(Frame::filled(Size::new(1000, 700), [9, 9, 9]))));
        let shown = pictures.portrait(&ctx, subject, &mut |_| asked += 1).unwrap();
        assert!(shown.size.width <= PORTRAIT_SIDE && shown.size.width > 300);
        pictures.forget(subject);
        assert_eq!(pictures.portrait(&ctx, subject, &mut |_| asked += 1), None);
        assert_eq!(asked, 2);
    }

    #[test]
    fn a_live_frame_is_uploaded_when_its_number_changes() {
        let ctx = Context::default();
        let mut pictures = Pictures::default();
        let frame = |number| CapturedFrame {
            frame: Arc::new(Frame::filled(Size::new(4, 2), [1, 2, 3])),
            number,
            captured_at: Moment::default(),
            origin: Origin::Practice,
        };
        let first = pictures.live(&ctx, &frame(1));
        assert_eq!(pictures.live(&ctx, &frame(2)), first);
        assert_eq!(first.size, Size::new(4, 2));
    }
}
