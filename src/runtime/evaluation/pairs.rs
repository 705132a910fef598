//! Lists of pairs: `reference,probe,mated[,fold]`.

use super::EvaluationFault;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// One row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Index of the reference among the distinct pictures.
    pub reference: usize,
    /// Index of the probe among the distinct pictures.
    pub probe: usize,
    /// Whether both show one person.
    pub mated: bool,
    /// Its fold, where the list has that column.
    pub fold: Option<u32>,
}

/// A list with every distinct picture once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairList {
    /// Distinct pictures in order of appearance, as written in the list.
    pub pictures: Vec<PathBuf>,
    /// The rows.
    pub pairs: Vec<Pair>,
}

/// Largest list that is read, bytes.
const LARGEST_LIST_BYTES: u64 = 1 << 30;

impl PairList {
    /// Reads a list from a file.
    ///
    /// # Errors
    /// [`EvaluationFault::Unreadable`], [`EvaluationFault::Row`] or [`EvaluationFault::Nothing`].
    pub fn read(path: &Path) -> Result<Self, EvaluationFault> {
        let unreadable = |reason: String| EvaluationFault::Unreadable { what: "list", reason };
        let length = std::fs::metadata(path).map_err(|e| unreadable(e.to_string()))?.len();
        if length > LARGEST_LIST_BYTES {
            return Err(unreadable("it is larger than 1 GiB".to_owned()));
        }
        let text = std::fs::read_to_string(path).map_err(|e| unreadable(e.to_string()))?;
        Self::parse(&text)
    }

    /// Whether every picture of the list is there, before hours are spent on the others.
    ///
    /// # Errors
    /// [`EvaluationFault::Row`] with the first row that names a file that cannot be read.
    pub fn check_pictures(&self, root: &Path) -> Result<(), EvaluationFault> {
        let readable: Vec<bool> = self.pictures.iter().map(|p| std::fs::metadata(root.join(p)).is_ok_and(|m| m.is_file())).collect();
        let missing = readable.iter().filter(|there| !**there).count();
        for (row, pair) in (2..).zip(&self.pairs) {
            for (index, which) in [(pair.reference, "reference"), (pair.probe, "probe")] {
                if !readable[index] {
                    let reason = format!("names a {which} that is not below --root; {missing} of {} pictures are not", readable.len());
                    return Err(EvaluationFault::Row { row, reason });
                }
            }
        }
        Ok(())
    }

    /// Reads a list's text. Columns are found by name, in any order; others are passed over.
    ///
    /// # Errors
    /// [`EvaluationFault::Unreadable`] without the columns, [`EvaluationFault::Row`] for a bad row, [`EvaluationFault::Nothing`] without
    /// rows.
    pub fn parse(text: &str) -> Result<Self, EvaluationFault> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        let unreadable = |reason: String| EvaluationFault::Unreadable { what: "list", reason };
        let header = reader.headers().map_err(|e| unreadable(e.to_string()))?.clone();
        let column = |name: &str| header.iter().position(|h| h == name);
        let needed = |name: &str| column(name).ok_or_else(|| unreadable(format!("it has no column {name}")));
        let (reference, probe, mated, fold) = (needed("reference")?, needed("probe")?, needed("mated")?, column("fold"));
        let mut list = Self { pictures: Vec::new(), pairs: Vec::new() };
        let mut known = HashMap::new();
        for (row, record) in (2..).zip(reader.records()) {
            let wrong = |reason: &str| EvaluationFault::Row { row, reason: reason.to_owned() };
            let record = record.map_err(|_| wrong("has another number of columns than the header"))?;
            let mut picture = |at: usize| {
                let path = &record[at];
                if path.is_empty() {
                    return Err(wrong("names no picture"));
                }
                Ok(*known.entry(path.to_owned()).or_insert_with(|| {
                    list.pictures.push(PathBuf::from(path));
                    list.pictures.len() - 1
                }))
            };
            let (reference, probe) = (picture(reference)?, picture(probe)?);
            let mated = match &record[mated] {
                "1" | "true" => true,
                "0" | "false" => false,
                _ => return Err(wrong("says neither 1 nor 0 for mated")),
            };
            let fold = match fold.map(|at| &record[at]) {
                None => None,
                Some(text) => Some(text.parse().map_err(|_| wrong("has a fold that is not a number"))?),
            };
            list.pairs.push(Pair { reference, probe, mated, fold });
        }
        if list.pairs.is_empty() { Err(EvaluationFault::Nothing) } else { Ok(list) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_listed_once() {
        let list = PairList::parse("reference,probe,mated,fold\na/1.jpg,a/2.jpg,1,1\na/1.jpg,b/1.jpg,0,2\n").unwrap();
        assert_eq!(list.pictures, ["a/1.jpg", "a/2.jpg", "b/1.jpg"].map(PathBuf::from));
        assert_eq!(list.pairs[1], Pair { reference: 0, probe: 2, mated: false, fold: Some(2) });
        let other_order = PairList::parse("\u{feff}mated, probe ,reference\r\nfalse,x,y\r\n").unwrap();
        assert_eq!(other_order.pairs, [Pair { reference: 0, probe: 1, mated: false, fold: None }]);
        assert_eq!(other_order.pictures, ["y", "x"].map(PathBuf::from));
    }

    #[test]
    fn a_missing_picture_is_named_by_its_row() {
        let root = tempfile::tempdir().unwrap();
        for name in ["a", "b"] {
            std::fs::write(root.path().join(name), b"x").unwrap();
        }
        let check = |text: &str| PairList::parse(text).unwrap().check_pictures(root.path());
        check("reference,probe,mated\na,b,1\n").unwrap();
        let error = check("reference,probe,mated\na,b,1\na,a,1\nb,Ann,0\nBen,b,0\n").unwrap_err().to_string();
        assert_eq!(error, "row 4 of the list names a probe that is not below --root; 2 of 4 pictures are not");
    }

    #[test]
    fn bad_lists_are_refused_with_the_row_and_without_names() {
        for (text, expected) in [
            ("", "no column"),
            ("reference,probe\na,b\n", "no column mated"),
            ("reference,probe,mated\nAnn,Ben,maybe\n", "row 2 "),
            ("reference,probe,mated\nAnn,Ben,1\nAnn,Ben\n", "row 3 "),
            ("reference,probe,mated,fold\nAnn,Ben,1,first\n", "row 2 "),
            ("reference,probe,mated\nAnn,,1\n", "row 2 "),
            ("reference,probe,mated\n", "no picture"),
        ] {
            let error = PairList::parse(text).unwrap_err().to_string();
            assert!(error.contains(expected) && !error.contains("Ann"), "{text:?}: {error}");
        }
    }
}
