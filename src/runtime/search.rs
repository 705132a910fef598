//! 1:N searches on several threads: splits the rows, merges the answers.

use crate::biometrics::identification::ranking::merge;
use crate::biometrics::identification::{Candidate, Index, Restriction};
use crate::biometrics::template::{Template, TemplateError};

/// Below this many rows a second thread costs more than it saves.
const ROWS_PER_THREAD: usize = 20_000;

/// Searches an index on up to `threads` threads; the answer is that of [`Index::search`] whatever their number.
///
/// # Errors
/// [`TemplateError::UnlikeFormats`] for a probe of another recogniser.
pub fn search(
    index: &Index,
    probe: &Template,
    size: usize,
    within: Option<&Restriction>,
    threads: usize,
) -> Result<Vec<Candidate>, TemplateError> {
    let prepared = index.prepare(probe)?;
    let threads = threads.clamp(1, (index.len() / ROWS_PER_THREAD).max(1));
    let share = index.len().div_ceil(threads);
    let part = |n: usize| index.search_rows(&prepared, n * share..(n + 1) * share, size, within);
    if threads == 1 {
        return Ok(part(0));
    }
    let parts = std::thread::scope(|scope| {
        let part = &part;
        let others: Vec<_> =
            (1..threads).map(|n| std::thread::Builder::new().name(format!("search-{n}")).spawn_scoped(scope, move || part(n))).collect();
        let mut parts = vec![part(0)];
        for (n, other) in (1..).zip(others) {
            // Where the system gives no thread, or one dies, this one does its share.
            parts.push(other.ok().and_then(|thread| thread.join().ok()).unwrap_or_else(|| part(n)));
        }
        parts
    });
    Ok(merge(parts, size))
}

/// Threads that a search of this machine's gallery uses by default: its processors, at most eight; memory is the limit beyond.
#[must_use]
pub fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get().min(8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::biometrics::template::TemplateFormat;
    use crate::units::SubjectId;
    use uuid::Uuid;

    #[test]
    fn any_number_of_threads_answers_alike() {
        let format = TemplateFormat { recogniser: "made-up@0123456789abcdef".into(), dimensions: 6 };
        let mut state = 3_u32;
        let mut draw = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        };
        let mut template = || Template::new(format.clone(), (0..6).map(|_| draw()).collect()).unwrap();
        let mut index = Index::new(format.clone());
        for n in 0..3 * ROWS_PER_THREAD + 5 {
            index.insert(SubjectId(Uuid::from_u128(n as u128 / 2)), &template()).unwrap();
        }
        let probe = template();
        let alone = index.search(&probe, 50, None).unwrap();
        for threads in [0, 1, 2, 3, 64] {
            assert_eq!(search(&index, &probe, 50, None, threads).unwrap(), alone, "{threads}");
        }
        let empty = Index::new(format);
        assert_eq!(search(&empty, &probe, 5, None, 2).unwrap(), []);
    }
}
