//! Which patches of the head's grid are drawn: every cell, or, where the head is small in the picture, two by two wherever nothing but skin
//! is to be seen.

use super::head::{COLUMNS, ROWS};

/// One choice of patches, with what they need.
pub(super) struct Detail {
    /// First vertex of each patch, and cells along its sides.
    pub patches: Vec<(usize, usize)>,
    /// Vertices to be projected.
    pub vertices: Vec<usize>,
    /// Vertices on the side of a larger patch with the two ends of that side: they are put half-way between them, or there were cracks.
    pub halfway: Vec<(usize, [usize; 2])>,
    /// The same by vertex.
    between: Vec<bool>,
}

// Blocks of two by two cells fill the grid.
const _: () = assert!(COLUMNS % 2 == 1 && ROWS % 2 == 1);

impl Detail {
    /// Every cell for which `drawn` says so.
    pub fn full(drawn: impl Fn(usize) -> bool) -> Self {
        let cells = (0..(ROWS - 1) * COLUMNS).filter(|i| i % COLUMNS + 1 < COLUMNS && drawn(*i));
        Self::of(cells.map(|i| (i, 1)).collect())
    }

    /// Blocks of two by two cells where all of them are `plain`, single cells elsewhere and around the line between the lips.
    pub fn halved(drawn: impl Fn(usize) -> bool, plain: impl Fn(usize) -> bool, lip_row: usize) -> Self {
        let mut patches = Vec::new();
        for block_row in 0..(ROWS - 1) / 2 {
            for block_column in 0..(COLUMNS - 1) / 2 {
                let first = 2 * block_row * COLUMNS + 2 * block_column;
                let cells = [first, first + 1, first + COLUMNS, first + COLUMNS + 1];
                // The two rows that meet between the lips have to stay together along their whole length.
                if block_row.abs_diff(lip_row / 2) > 1 && cells.iter().all(|i| plain(*i)) {
                    patches.push((first, 2));
                } else {
                    patches.extend(cells.into_iter().filter(|i| drawn(*i)).map(|i| (i, 1)));
                }
            }
        }
        Self::of(patches)
    }

    fn of(patches: Vec<(usize, usize)>) -> Self {
        let mut used = vec![false; COLUMNS * ROWS];
        let mut ends = vec![None; COLUMNS * ROWS];
        for (first, step) in &patches {
            let [a, b, c, d] = corners(*first, *step);
            [a, b, c, d].into_iter().for_each(|i| used[i] = true);
            if *step == 2 {
                for side in [[a, b], [a, c], [b, d], [c, d]] {
                    ends[(side[0] + side[1]) / 2] = Some(side);
                }
            }
        }
        let vertices = (0..used.len()).filter(|i| used[*i] && ends[*i].is_none()).collect();
        let halfway: Vec<(usize, [usize; 2])> = (0..used.len()).filter(|i| used[*i]).filter_map(|i| Some((i, ends[i]?))).collect();
        let mut between = vec![false; used.len()];
        halfway.iter().for_each(|(i, _)| between[*i] = true);
        Self { patches, vertices, halfway, between }
    }

    /// The two vertices between which a vertex is put; `None` for one that has a place of its own.
    pub fn ends(&self, vertex: usize) -> Option<[usize; 2]> {
        // Sides of larger patches begin and end on even columns and rows.
        let along = if (vertex % COLUMNS).is_multiple_of(2) { COLUMNS } else { 1 };
        self.between[vertex].then(|| [vertex - along, vertex + along])
    }
}

/// Vertices of a patch: two above, two below.
pub(super) const fn corners(first: usize, step: usize) -> [usize; 4] {
    let below = first + step * COLUMNS;
    [first, first + step, below, below + step]
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIPS: usize = 130;

    fn eye(i: usize) -> bool {
        (90..97).contains(&(i / COLUMNS)) && (61..70).contains(&(i % COLUMNS))
    }

    #[test]
    fn patches_cover_every_cell_once_at_either_detail() {
        let seam = |i: usize| i / COLUMNS == LIPS;
        for detail in [Detail::full(|i| !seam(i)), Detail::halved(|i| !seam(i), |i| !seam(i) && !eye(i), LIPS)] {
            let mut covered = vec![0; COLUMNS * ROWS];
            for (first, step) in &detail.patches {
                for (row, column) in (0..*step).flat_map(|r| (0..*step).map(move |c| (r, c))) {
                    covered[first + row * COLUMNS + column] += 1;
                }
            }
            let expected = |i: usize| i32::from(i / COLUMNS + 1 < ROWS && i % COLUMNS + 1 < COLUMNS && !seam(i));
            assert!(covered.iter().enumerate().all(|(i, n)| *n == expected(i)));
        }
    }

    #[test]
    fn where_small_patches_meet_large_ones_no_vertex_leaves_the_side() {
        let detail = Detail::halved(|_| true, |i| !eye(i) && i / COLUMNS != LIPS, LIPS);
        assert!(!detail.halfway.is_empty() && detail.patches.iter().filter(|(_, step)| *step == 2).count() > 9000);
        let own: std::collections::HashSet<usize> = detail.vertices.iter().copied().collect();
        for (vertex, ends) in &detail.halfway {
            assert_eq!(detail.ends(*vertex), Some(*ends));
            assert!(ends.iter().all(|end| own.contains(end)) && !own.contains(vertex));
        }
        assert_eq!(detail.ends(detail.vertices[0]), None);
        assert!(Detail::full(|_| true).halfway.is_empty());
        let near_lips = detail.halfway.iter().filter(|(i, _)| (i / COLUMNS).abs_diff(LIPS) < 2);
        assert_eq!(near_lips.count(), 0, "the seam of the lips is left alone");
    }
}
