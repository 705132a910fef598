//! The elementary files of the travel document application: names, identifiers, tags, and their bytes.

use std::collections::BTreeMap;
use std::fmt;

/// The longest file that is looked at, bytes. Portraits have some ten kilobytes; nothing on a chip comes near this.
pub const LONGEST_FILE: usize = 1_048_576;

/// An elementary file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ElementaryFile {
    /// EF.COM: versions and the list of data groups; not signed.
    Common,
    /// EF.SOD: the signed hashes of all data groups.
    SecurityObject,
    /// EF.CardAccess: what the chip offers for PACE.
    CardAccess,
    /// EF.DG1 to EF.DG16.
    DataGroup(DataGroup),
}

/// The number of a data group, 1 to 16.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataGroup(u8);

/// Tags of data groups 1 to 16, in order.
const TAGS: [u8; 16] = [0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70];

impl DataGroup {
    /// The machine-readable zone.
    pub const ZONE: Self = Self(1);
    /// The face.
    pub const FACE: Self = Self(2);
    /// Additional personal details.
    pub const PERSONAL_DETAILS: Self = Self(11);

    /// A data group by its number.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        if matches!(number, 1..=16) { Some(Self(number)) } else { None }
    }

    /// A data group by the tag its file starts with.
    #[must_use]
    pub fn of_tag(tag: u8) -> Option<Self> {
        TAGS.iter().position(|t| *t == tag).and_then(|i| Self::new(i as u8 + 1))
    }

    /// 1 to 16.
    #[must_use]
    pub const fn number(self) -> u8 {
        self.0
    }

    /// The tag its file starts with.
    #[must_use]
    pub const fn tag(self) -> u8 {
        TAGS[(self.0 - 1) as usize]
    }
}

impl fmt::Display for DataGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DG{}", self.0)
    }
}

impl ElementaryFile {
    /// The two bytes that SELECT takes.
    #[must_use]
    pub const fn identifier(self) -> u16 {
        match self {
            Self::Common => 0x011E,
            Self::SecurityObject => 0x011D,
            Self::CardAccess => 0x011C,
            Self::DataGroup(group) => 0x0100 + group.0 as u16,
        }
    }

    /// The five bits that READ BINARY takes.
    #[must_use]
    pub const fn short_identifier(self) -> u8 {
        (self.identifier() & 0x1F) as u8
    }

    /// The file that a name means: `EF.COM`, `EF_DG2.bin`, `dg1`, `SOD.der`, `0101.bin`, `EF.CardAccess`; `None` for any other name.
    #[must_use]
    pub fn from_file_name(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let mut stem = lower.as_str();
        for ending in [".bin", ".der", ".dat", ".raw", ".ef", ".tlv"] {
            stem = stem.strip_suffix(ending).unwrap_or(stem);
        }
        let bare: String = stem.chars().filter(|c| !matches!(c, '.' | '_' | '-' | ' ')).collect();
        let bare = bare.strip_prefix("ef").unwrap_or(&bare);
        match bare {
            "com" | "011e" => Some(Self::Common),
            "sod" | "011d" => Some(Self::SecurityObject),
            "cardaccess" | "011c" => Some(Self::CardAccess),
            _ => {
                if let Some(number) = bare.strip_prefix("dg").or_else(|| bare.strip_prefix("datagroup")) {
                    return number.parse().ok().and_then(DataGroup::new).map(Self::DataGroup);
                }
                let hex = bare.strip_prefix("01").filter(|rest| rest.len() == 2)?;
                u8::from_str_radix(hex, 16).ok().and_then(DataGroup::new).map(Self::DataGroup)
            }
        }
    }
}

impl fmt::Display for ElementaryFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Common => f.write_str("EF.COM"),
            Self::SecurityObject => f.write_str("EF.SOD"),
            Self::CardAccess => f.write_str("EF.CardAccess"),
            Self::DataGroup(group) => write!(f, "EF.{group}"),
        }
    }
}

/// The files of one chip, as read: whole, with tag and length.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ChipFiles {
    files: BTreeMap<ElementaryFile, Vec<u8>>,
}

/// Personal data: says which files and how long only.
impl fmt::Debug for ChipFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.files.iter().map(|(file, bytes)| (file.to_string(), bytes.len()))).finish()
    }
}

impl ChipFiles {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; what was there under its name comes back.
    pub fn insert(&mut self, file: ElementaryFile, bytes: Vec<u8>) -> Option<Vec<u8>> {
        self.files.insert(file, bytes)
    }

    /// The bytes of a file.
    #[must_use]
    pub fn get(&self, file: ElementaryFile) -> Option<&[u8]> {
        self.files.get(&file).map(Vec::as_slice)
    }

    /// The bytes of a data group.
    #[must_use]
    pub fn group(&self, group: DataGroup) -> Option<&[u8]> {
        self.get(ElementaryFile::DataGroup(group))
    }

    /// Every data group that was read.
    pub fn groups(&self) -> impl Iterator<Item = (DataGroup, &[u8])> {
        self.files.iter().filter_map(|(file, bytes)| match file {
            ElementaryFile::DataGroup(group) => Some((*group, bytes.as_slice())),
            _ => None,
        })
    }

    /// Every file that was read.
    pub fn iter(&self) -> impl Iterator<Item = (ElementaryFile, &[u8])> {
        self.files.iter().map(|(file, bytes)| (*file, bytes.as_slice()))
    }

    /// Whether nothing was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_many_names() {
        let group = |n| DataGroup::new(n).map(ElementaryFile::DataGroup);
        let cases = [
            ("EF.COM", Some(ElementaryFile::Common)),
            ("EF_COM.bin", Some(ElementaryFile::Common)),
            ("com.bin", Some(ElementaryFile::Common)),
            ("ef.sod", Some(ElementaryFile::SecurityObject)),
            ("SOD.der", Some(ElementaryFile::SecurityObject)),
            ("011D.bin", Some(ElementaryFile::SecurityObject)),
            ("EF.CardAccess", Some(ElementaryFile::CardAccess)),
            ("EF.DG1", group(1)),
            ("EF_DG16.BIN", group(16)),
            ("DataGroup2.bin", group(2)),
            ("dg-11.dat", group(11)),
            ("0102", group(2)),
            ("010E.bin", group(14)),
            ("DG0", None),
            ("DG17", None),
            ("portrait.jpg", None),
            ("0111", None),
            ("", None),
        ];
        for (name, file) in cases {
            assert_eq!(ElementaryFile::from_file_name(name), file, "{name}");
        }
    }

    #[test]
    fn tags_identifiers_and_numbers_belong_together() {
        for number in 1..=16 {
            let group = DataGroup::new(number).expect("a data group");
            assert_eq!(DataGroup::of_tag(group.tag()), Some(group));
            assert_eq!(ElementaryFile::DataGroup(group).identifier(), 0x0100 + u16::from(number));
            assert_eq!(
                ElementaryFile::from_file_name(&ElementaryFile::DataGroup(group).to_string()),
                Some(ElementaryFile::DataGroup(group))
            );
        }
        assert_eq!((DataGroup::FACE.tag(), ElementaryFile::SecurityObject.short_identifier()), (0x75, 0x1D));
        assert_eq!(DataGroup::of_tag(0x60), None);
    }
}
