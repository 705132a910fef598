//! The gallery's templates of one recogniser in memory, by row, with the subject of every row.

use super::kernels::Kernel;
use super::rows::{F32Block, I8Block, Rows};
use crate::biometrics::template::{Template, TemplateError, TemplateFormat};
use crate::units::SubjectId;
use std::collections::HashMap;

/// What the first, coarse pass of a search reads. The answers are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Storage {
    /// The templates as they are: four bytes a value.
    F32,
    /// A copy of eight bits a value beside them: a quarter more memory, and searches read a quarter of it.
    #[default]
    F32AndI8,
}

/// The 8-bit copy.
pub(super) struct Coarse {
    pub(super) rows: Rows<I8Block>,
    /// Distance of every row from its 8-bit copy, rounded up.
    pub(super) residuals: Vec<f32>,
}

struct Slot {
    subject: SubjectId,
    first_row: Option<u32>,
}

/// An exact index: searching it gives what comparing with every template one by one would.
///
/// Memory is 5 bytes a value and about 60 bytes a template ([`Storage::F32AndI8`]); rows are wiped when removed or dropped.
///
/// # Threads
/// Searching takes `&self` and may run on several threads at once, over the same or different rows.
pub struct Index {
    format: TemplateFormat,
    kernel: Kernel,
    pub(super) exact: Rows<F32Block>,
    pub(super) coarse: Option<Coarse>,
    slot_of_row: Vec<u32>,
    /// The next row of the same subject.
    next_row: Vec<Option<u32>>,
    /// One per subject ever inserted; never used again for another, so that a [`Restriction`] cannot let a stranger in.
    slots: Vec<Slot>,
    by_subject: HashMap<SubjectId, u32>,
}

/// Prints sizes only.
impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Index({}, {} templates of {} subjects)", self.format.recogniser, self.len(), self.subjects())
    }
}

/// Integer dot products stay below 2^31 up to here.
const MAX_I8_DIMENSIONS: usize = 65_536;

impl Index {
    /// An empty index of the default storage with the fastest kernel of this processor.
    #[must_use]
    pub fn new(format: TemplateFormat) -> Self {
        Self::with(format, Storage::default(), Kernel::fastest())
    }

    /// An empty index that searches in a certain way, for measuring.
    #[must_use]
    pub fn with(format: TemplateFormat, storage: Storage, kernel: Kernel) -> Self {
        let quantised = storage == Storage::F32AndI8 && format.dimensions <= MAX_I8_DIMENSIONS;
        let coarse = quantised.then(|| Coarse { rows: Rows::new(format.dimensions), residuals: Vec::new() });
        Self {
            exact: Rows::new(format.dimensions),
            coarse,
            kernel,
            format,
            slot_of_row: Vec::new(),
            next_row: Vec::new(),
            slots: Vec::new(),
            by_subject: HashMap::new(),
        }
    }

    /// The format of its templates.
    #[must_use]
    pub const fn format(&self) -> &TemplateFormat {
        &self.format
    }

    /// The kernel that searches it.
    #[must_use]
    pub const fn kernel(&self) -> &Kernel {
        &self.kernel
    }

    /// Number of templates.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.exact.len()
    }

    /// Whether there is no template.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of subjects.
    #[must_use]
    pub fn subjects(&self) -> usize {
        self.by_subject.len()
    }

    /// Whether a subject has a template here.
    #[must_use]
    pub fn contains(&self, subject: SubjectId) -> bool {
        self.by_subject.contains_key(&subject)
    }

    /// Adds a template; a subject may have several.
    ///
    /// # Errors
    /// [`TemplateError::UnlikeFormats`] for a template of another recogniser.
    pub fn insert(&mut self, subject: SubjectId, template: &Template) -> Result<(), TemplateError> {
        self.check_format(template)?;
        let row = u32::try_from(self.len()).expect("memory ends before four thousand million rows");
        self.exact.push(template.values());
        if let Some(coarse) = &mut self.coarse {
            let quantised = Quantised::of(template.values());
            coarse.rows.push(&quantised.values);
            coarse.residuals.push(quantised.residual);
        }
        let slot = *self.by_subject.entry(subject).or_insert_with(|| {
            self.slots.push(Slot { subject, first_row: None });
            u32::try_from(self.slots.len() - 1).expect("memory ends before four thousand million subjects")
        });
        self.slot_of_row.push(slot);
        self.next_row.push(self.slots[slot as usize].first_row.replace(row));
        Ok(())
    }

    /// Removes every template of a subject and says how many there were.
    pub fn remove(&mut self, subject: SubjectId) -> usize {
        let Some(slot) = self.by_subject.remove(&subject) else { return 0 };
        let mut removed = 0;
        while let Some(row) = self.slots[slot as usize].first_row {
            self.slots[slot as usize].first_row = self.next_row[row as usize];
            self.remove_unlinked(row);
            removed += 1;
        }
        removed
    }

    /// Removes a row that no subject's chain holds; the last row takes its number.
    fn remove_unlinked(&mut self, row: u32) {
        let last = u32::try_from(self.len() - 1).expect("row numbers fit");
        if row != last {
            let slot = &mut self.slots[self.slot_of_row[last as usize] as usize];
            let mut link = &mut slot.first_row;
            while let Some(at) = *link {
                if at == last {
                    *link = Some(row);
                    break;
                }
                link = &mut self.next_row[at as usize];
            }
        }
        let row = row as usize;
        self.exact.swap_remove(row);
        if let Some(coarse) = &mut self.coarse {
            coarse.rows.swap_remove(row);
            coarse.residuals.swap_remove(row);
        }
        self.slot_of_row.swap_remove(row);
        self.next_row.swap_remove(row);
    }

    /// Limits searches to some subjects, for instance the members of a named gallery. Those not here are passed over.
    #[must_use]
    pub fn restriction(&self, subjects: impl IntoIterator<Item = SubjectId>) -> Restriction {
        let mut allowed = Restriction { bits: vec![0; self.slots.len().div_ceil(64)], slots: Vec::new() };
        for slot in subjects.into_iter().filter_map(|subject| self.by_subject.get(&subject).copied()) {
            if !allowed.allows(slot) {
                allowed.bits[slot as usize / 64] |= 1 << (slot % 64);
                allowed.slots.push(slot);
            }
        }
        allowed
    }

    /// Templates that a search compares with: all, or those of the subjects allowed.
    #[must_use]
    pub fn searched(&self, within: Option<&Restriction>) -> usize {
        within.map_or(self.len(), |allowed| allowed.slots.iter().map(|slot| self.rows_of(*slot).count()).sum())
    }

    pub(super) fn check_format(&self, template: &Template) -> Result<(), TemplateError> {
        if *template.format() == self.format {
            return Ok(());
        }
        Err(TemplateError::UnlikeFormats { left: template.format().recogniser.to_string(), right: self.format.recogniser.to_string() })
    }

    pub(super) fn slot_of(&self, row: usize) -> u32 {
        self.slot_of_row[row]
    }

    pub(super) fn subject_of(&self, row: usize) -> SubjectId {
        self.slots[self.slot_of_row[row] as usize].subject
    }

    pub(super) fn rows_of(&self, slot: u32) -> impl Iterator<Item = usize> {
        let first = self.slots[slot as usize].first_row;
        std::iter::successors(first, |row| self.next_row[*row as usize]).map(|row| row as usize)
    }
}

/// Some subjects of one [`Index`]. Stays good while the index changes: subjects added later are not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restriction {
    bits: Vec<u64>,
    slots: Vec<u32>,
}

impl Restriction {
    pub(super) fn allows(&self, slot: u32) -> bool {
        self.bits.get(slot as usize / 64).is_some_and(|bits| bits >> (slot % 64) & 1 == 1)
    }

    pub(super) fn slots(&self) -> &[u32] {
        &self.slots
    }
}

/// A direction in 8-bit values.
pub(super) struct Quantised {
    pub(super) values: Vec<i8>,
    /// Length of the difference to the original, rounded up.
    pub(super) residual: f32,
}

impl Quantised {
    /// Values of a unit vector in units of 1/[`quantisation_scale`], cut off at ±127; the residual tells what that lost.
    pub(super) fn of(direction: &[f32]) -> Self {
        let scale = quantisation_scale(direction.len());
        let mut lost = 0.0;
        let quantise = |value: &f32| {
            let units = (f64::from(*value) * scale).round().clamp(-127.0, 127.0);
            lost += (f64::from(*value) - units / scale).powi(2);
            units as i8
        };
        let values = direction.iter().map(quantise).collect();
        Self { values, residual: (lost.sqrt() as f32).next_up() }
    }
}

/// Four times the usual size of a unit vector's values is the largest 8-bit value.
pub(super) fn quantisation_scale(dimensions: usize) -> f64 {
    127.0 * (dimensions as f64).sqrt() / 4.0
}
