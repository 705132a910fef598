//! What is said to people, as a value: a stable code, the English words that the program knows by itself, and what is filled in.
//!
//! The command line, JSON and an English window say the English words, which stand in one place: beside the code. A window in another
//! language looks words up in its locale file, by [`Phrase::key`].

use std::fmt;

/// Something that is said to people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// Stable; the key of its words in a locale file: `reason-too-young`.
    pub key: String,
    /// The words in English, complete.
    pub english: String,
    /// What is filled in, by the name that a locale file knows it under.
    pub details: Vec<(&'static str, Detail)>,
}

impl Phrase {
    /// A phrase that nothing is filled into. `code` is a stable word of a report: `not_read`.
    #[must_use]
    pub fn of(family: &str, code: &str, english: &str) -> Self {
        Self { key: format!("{family}-{}", dashed(code)), english: english.to_owned(), details: Vec::new() }
    }

    /// The same with something filled in.
    #[must_use]
    pub fn with(mut self, name: &'static str, detail: impl Into<Detail>) -> Self {
        self.details.push((name, detail.into()));
        self
    }

    /// The key and the names of what is filled in: what a locale file has to know.
    #[must_use]
    pub fn known(&self) -> Known {
        (self.key.clone(), self.details.iter().map(|(name, _)| *name).collect())
    }
}

/// The English words.
impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

/// A key, and the names of what is filled into its words.
pub type Known = (String, Vec<&'static str>);

/// A stable word as keys are written: `not_read` and `NO_EXPIRY` become `not-read` and `no-expiry`.
#[must_use]
pub fn dashed(code: &str) -> String {
    code.replace(['_', ' '], "-").to_ascii_lowercase()
}

/// What is filled into words, or stands beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// The same in every language: a name, an identifier, a date as documents write it.
    Text(String),
    /// A number with a point; languages have another mark there.
    Number(String),
    /// Phrases, and what stands between them.
    List(Vec<Phrase>, &'static str),
}

impl Detail {
    /// Whether nothing is there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) | Self::Number(text) => text.is_empty(),
            Self::List(phrases, _) => phrases.is_empty(),
        }
    }
}

/// In English.
impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Number(text) => f.write_str(text),
            Self::List(phrases, mark) => {
                for (i, phrase) in phrases.iter().enumerate() {
                    write!(f, "{}{phrase}", if i == 0 { "" } else { mark })?;
                }
                Ok(())
            }
        }
    }
}

impl From<String> for Detail {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Detail {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Phrase> for Detail {
    fn from(phrase: Phrase) -> Self {
        Self::List(vec![phrase], ", ")
    }
}

impl<T: Into<Phrase>> From<Vec<T>> for Detail {
    fn from(phrases: Vec<T>) -> Self {
        Self::List(phrases.into_iter().map(Into::into).collect(), ", ")
    }
}

/// Somebody who says phrases in a language.
pub trait Speaker {
    /// The words of a phrase.
    fn say(&self, phrase: &Phrase) -> String;

    /// A number with the mark of the language.
    fn number(&self, number: &str) -> String {
        number.to_owned()
    }

    /// What is filled in, or stands beside it.
    fn detail(&self, detail: &Detail) -> String {
        match detail {
            Detail::Text(text) => text.clone(),
            Detail::Number(number) => self.number(number),
            Detail::List(phrases, mark) => phrases.iter().map(|p| self.say(p)).collect::<Vec<_>>().join(mark),
        }
    }
}

/// Says everything in English.
#[derive(Debug, Clone, Copy)]
struct English;

impl Speaker for English {
    fn say(&self, phrase: &Phrase) -> String {
        phrase.english.clone()
    }
}

/// A language in which something is written, for whichever thread writes it.
#[derive(Clone, Copy)]
pub struct Wording {
    /// Its tag: `en`.
    pub tag: &'static str,
    /// Makes somebody who speaks it.
    pub speaker: fn() -> Box<dyn Speaker>,
}

impl Wording {
    /// English, which needs no locale file.
    pub const ENGLISH: Self = Self { tag: "en", speaker: || Box::new(English) };
}

impl fmt::Debug for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wording({})", self.tag)
    }
}

impl PartialEq for Wording {
    fn eq(&self, other: &Self) -> bool {
        self.tag == other.tag
    }
}

impl Eq for Wording {}

/// Defines an enum of phrases of one family: each variant with its code and its English words, in which `{field}` is filled in.
macro_rules! phrases {
    ($(#[$about:meta])* pub enum $Name:ident: $family:literal {
        $($(#[$doc:meta])* $Variant:ident $({ $($(#[$field_doc:meta])* $field:ident: $kind:ty),+ $(,)? })? = $code:literal, $english:literal;)+
    }) => {
        $(#[$about])*
        pub enum $Name {
            $($(#[$doc])* $Variant $({ $($(#[$field_doc])* $field: $kind),+ })?,)+
        }

        impl $Name {
            /// A stable code.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {
                    $(Self::$Variant { .. } => $code,)+
                }
            }

            /// Its English words, with `{…}` where something is filled in.
            #[must_use]
            pub const fn english(&self) -> &'static str {
                match self {
                    $(Self::$Variant { .. } => $english,)+
                }
            }

            /// Every key with what is filled in.
            #[must_use]
            pub fn known() -> Vec<$crate::phrase::Known> {
                vec![$((concat!($family, "-", $code).to_owned(), vec![$($(stringify!($field)),+)?])),+]
            }
        }

        impl From<&$Name> for $crate::phrase::Phrase {
            fn from(said: &$Name) -> Self {
                match said {
                    $($Name::$Variant $({ $($field),+ })? => {
                        $($(let $field = $crate::phrase::Detail::from($field.clone());)+)?
                        Self {
                            key: concat!($family, "-", $code).to_owned(),
                            english: format!($english $(, $($field = $field),+)?),
                            details: vec![$($((stringify!($field), $field)),+)?],
                        }
                    })+
                }
            }
        }

        impl From<$Name> for $crate::phrase::Phrase {
            fn from(said: $Name) -> Self {
                Self::from(&said)
            }
        }

        /// In English.
        impl std::fmt::Display for $Name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&$crate::phrase::Phrase::from(self), f)
            }
        }
    };
}
pub(crate) use phrases;

#[cfg(test)]
mod tests {
    use super::*;

    phrases! {
        /// Weather.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Weather: "weather" {
            /// It rains.
            Rain = "rain", "It rains.";
            /// It snows somewhere.
            Snow {
                /// Where.
                places: Vec<Phrase>,
                /// How much.
                amount: Detail,
            } = "snow", "It snows in {places}: {amount} cm.";
        }
    }

    #[test]
    fn english_is_filled_in_and_keys_say_what_a_language_has_to_know() {
        let places = vec![Phrase::of("place", "NORTH_WEST", "the northwest"), Phrase::of("place", "home", "town")];
        let snow = Weather::Snow { places, amount: Detail::Number("1.5".to_owned()) };
        assert_eq!(snow.to_string(), "It snows in the northwest, town: 1.5 cm.");
        let phrase = Phrase::from(&snow);
        assert_eq!(phrase.known(), ("weather-snow".to_owned(), vec!["places", "amount"]));
        assert_eq!(Weather::known(), [Phrase::from(Weather::Rain).known(), phrase.known()]);
        let Detail::List(places, _) = &phrase.details[0].1 else { panic!("{phrase:?}") };
        assert_eq!(places[0].key, "place-north-west");
        assert_eq!((Wording::ENGLISH.speaker)().say(&phrase), snow.to_string());
    }
}
