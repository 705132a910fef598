//! Rows of templates in aligned blocks, in segments that never move: growing copies nothing and leaves no stray copies behind.

use zeroize::Zeroize as _;

/// Sixteen values, one cache line.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub struct F32Block(pub [f32; 16]);

/// Sixty-four values in -127..=127, one cache line.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub struct I8Block(pub [i8; 64]);

/// A cache line of values of one type; zeros pad the tail of a row and add nothing to a dot product.
pub trait Block: Copy {
    /// One value.
    type Value: Copy + Default;
    /// Values per block.
    const LEN: usize;
    /// A block of zeros.
    const ZERO: Self;
    /// The values.
    fn values(&mut self) -> &mut [Self::Value];
    /// Overwrites the values with zeros in a way that is not optimised out.
    fn wipe(&mut self);
}

impl Block for F32Block {
    type Value = f32;
    const LEN: usize = 16;
    const ZERO: Self = Self([0.0; 16]);
    fn values(&mut self) -> &mut [f32] {
        &mut self.0
    }
    fn wipe(&mut self) {
        self.0.zeroize();
    }
}

impl Block for I8Block {
    type Value = i8;
    const LEN: usize = 64;
    const ZERO: Self = Self([0; 64]);
    fn values(&mut self) -> &mut [i8] {
        &mut self.0
    }
    fn wipe(&mut self) {
        self.0.zeroize();
    }
}

/// `values` in as many blocks as they need.
pub fn blocks_of<B: Block>(values: &[B::Value]) -> Vec<B> {
    let fill = |part: &[B::Value]| {
        let mut block = B::ZERO;
        block.values()[..part.len()].copy_from_slice(part);
        block
    };
    values.chunks(B::LEN).map(fill).collect()
}

/// Rows per segment: a power of two, so that finding a row is a shift.
pub const SEGMENT_ROWS: usize = 4096;

/// Equally long rows. Wiped when dropped; a removed row is wiped at once.
pub struct Rows<B: Block> {
    blocks_per_row: usize,
    segments: Vec<Vec<B>>,
    len: usize,
}

impl<B: Block> Rows<B> {
    /// No rows yet, of `dimensions` values each.
    pub const fn new(dimensions: usize) -> Self {
        Self { blocks_per_row: dimensions.div_ceil(B::LEN), segments: Vec::new(), len: 0 }
    }

    /// Number of rows.
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Appends a row of the right number of values.
    pub fn push(&mut self, values: &[B::Value]) {
        let row = blocks_of::<B>(values);
        assert_eq!(row.len(), self.blocks_per_row, "rows are equally long");
        if self.len.is_multiple_of(SEGMENT_ROWS) {
            self.segments.push(Vec::with_capacity(SEGMENT_ROWS * self.blocks_per_row));
        }
        self.segments.last_mut().expect("a segment was just added where none had room").extend_from_slice(&row);
        self.len += 1;
    }

    /// The blocks of one row.
    pub fn row(&self, row: usize) -> &[B] {
        self.span(row, 1)
    }

    /// The blocks of `count` rows from `first`, which must lie in one segment.
    pub fn span(&self, first: usize, count: usize) -> &[B] {
        let start = first % SEGMENT_ROWS * self.blocks_per_row;
        &self.segments[first / SEGMENT_ROWS][start..start + count * self.blocks_per_row]
    }

    /// Moves the last row into the place of `row` and wipes the place it left.
    pub fn swap_remove(&mut self, row: usize) {
        let last = self.len.checked_sub(1).expect("there is a row to remove");
        for block in 0..self.blocks_per_row {
            let moved = self.row(last)[block];
            self.segments[row / SEGMENT_ROWS][row % SEGMENT_ROWS * self.blocks_per_row + block] = moved;
        }
        let segment = self.segments.last_mut().expect("the last row lies in the last segment");
        let kept = segment.len() - self.blocks_per_row;
        segment[kept..].iter_mut().for_each(Block::wipe);
        segment.truncate(kept);
        if segment.is_empty() {
            self.segments.pop();
        }
        self.len = last;
    }
}

impl<B: Block> Drop for Rows<B> {
    fn drop(&mut self) {
        self.segments.iter_mut().flatten().for_each(Block::wipe);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_survive_growth_and_removal() {
        let mut rows = Rows::<F32Block>::new(17);
        let mut expected: Vec<f32> = Vec::new();
        for i in 0..SEGMENT_ROWS + 3 {
            rows.push(&[i as f32; 17]);
            expected.push(i as f32);
        }
        for remove in [SEGMENT_ROWS + 2, 0, SEGMENT_ROWS - 1, 5, SEGMENT_ROWS - 2] {
            rows.swap_remove(remove);
            expected.swap_remove(remove);
        }
        assert_eq!(rows.len(), expected.len());
        for (i, value) in expected.iter().enumerate() {
            let row = rows.row(i);
            assert_eq!((row.len(), row[0].0[0], row[1].0[0], row[1].0[1]), (2, *value, *value, 0.0));
        }
    }
}
