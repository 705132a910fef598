//! Every word a person reads, from `assets/locales/<language>.ftl` (Fluent), switchable at run time.

use crate::advice::Advice;
use crate::phrase::{Phrase, Speaker, Wording};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use std::rc::Rc;

/// A language there are words in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German; also the longest, so layouts are tested with it.
    German,
}

impl Language {
    /// All of them, in the order they are offered.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its tag, as locale files are named.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Its own name for itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language with this tag, for instance from the configuration.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| tag.eq_ignore_ascii_case(l.tag()) || tag.to_ascii_lowercase().starts_with(&format!("{}-", l.tag())))
    }

    /// The same for what is written below the window: reports.
    #[must_use]
    pub const fn wording(self) -> Wording {
        match self {
            Self::English => Wording { tag: self.tag(), speaker: || Box::new(Words::new(Self::English)) },
            Self::German => Wording { tag: self.tag(), speaker: || Box::new(Words::new(Self::German)) },
        }
    }

    const fn source(self) -> &'static str {
        match self {
            Self::English => include_str!("../../assets/locales/en.ftl"),
            Self::German => include_str!("../../assets/locales/de.ftl"),
        }
    }
}

/// The words of one language. Cheap to clone.
#[derive(Clone)]
pub struct Words {
    language: Language,
    bundle: Rc<FluentBundle<FluentResource>>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Words({})", self.language.tag())
    }
}

impl Words {
    /// Loads the embedded words of a language.
    #[must_use]
    pub fn new(language: Language) -> Self {
        let tag = language.tag().parse().expect("our own tags are valid");
        let mut bundle = FluentBundle::new(vec![tag]);
        // The isolation marks are for mixed writing directions; no font draws them.
        bundle.set_use_isolating(false);
        // A locale file that does not parse is caught by the tests below; what parsed is used.
        let resource = FluentResource::try_new(language.source().to_owned()).unwrap_or_else(|(parsed, _)| parsed);
        bundle.add_resource_overriding(resource);
        Self { language, bundle: Rc::new(bundle) }
    }

    /// Which language.
    #[must_use]
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Whether there are words for `key`.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle.get_message(key).is_some_and(|m| m.value().is_some())
    }

    /// The words for `key`; the key itself where there are none.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// The words for `key` with a count filled in as `$n`.
    #[must_use]
    pub fn n(&self, key: &str, n: u64) -> String {
        let mut args = FluentArgs::new();
        args.set("n", FluentValue::from(n));
        args.set("shown", FluentValue::from(grouped(n)));
        self.format(key, Some(&args))
    }

    /// The words for `key` with texts filled in.
    #[must_use]
    pub fn with(&self, key: &str, texts: &[(&str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, text) in texts {
            args.set((*name).to_owned(), FluentValue::from(*text));
        }
        self.format(key, Some(&args))
    }

    /// What to do about a fault: in this language where it has a sentence for the code, else in English as the program gives it.
    #[must_use]
    pub fn advice(&self, advice: Advice) -> String {
        let key = format!("advice-{}", advice.code);
        if self.has(&key) { self.t(&key) } else { advice.next_step.to_owned() }
    }

    /// What happened and what to do, as `key` words it. What happened comes from below in English; a language with a sentence of its own for
    /// the code says it there, and uses `key` with `-advice` at its end.
    #[must_use]
    pub fn failure(&self, key: &str, what: &str, advice: Advice) -> String {
        let next_step = self.advice(advice);
        let texts = [("what", what.trim_end_matches('.')), ("advice", next_step.as_str()), ("code", advice.code)];
        let own = self.has(&format!("advice-{}", advice.code));
        if own { self.with(&format!("{key}-advice"), &texts) } else { self.with(key, &texts) }
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else { return key.to_owned() };
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, args, &mut errors).into_owned()
    }

    /// A number written with a point, with the mark of the language instead.
    #[must_use]
    pub fn decimal(&self, number: &str) -> String {
        number.replace('.', &self.t("decimal-mark"))
    }

    /// A false match rate in words: `1 in 1 000`.
    #[must_use]
    pub fn one_in(&self, rate: f64) -> String {
        let people = if rate > 0.0 { (1.0 / rate).round().min(1e12) as u64 } else { 0 };
        self.with("one-in", &[("people", &grouped(people))])
    }

    /// A date and time of day for people, UTC: `21 Nov 2026, 06:30`.
    #[must_use]
    pub fn moment(&self, at: crate::units::UtcTime) -> String {
        let text = at.to_rfc3339();
        let (Some(year), Some(month), Some(day), Some(clock)) = (text.get(0..4), text.get(5..7), text.get(8..10), text.get(11..16)) else {
            return text;
        };
        let month = self.t(&format!("month-{month}"));
        self.with("moment", &[("year", year), ("month", &month), ("day", day.trim_start_matches('0')), ("clock", clock)])
    }

    /// A date for people, UTC: `21 Nov 2026`.
    #[must_use]
    pub fn date(&self, at: crate::units::UtcTime) -> String {
        let text = at.to_rfc3339();
        let (Some(year), Some(month), Some(day)) = (text.get(0..4), text.get(5..7), text.get(8..10)) else { return text };
        let month = self.t(&format!("month-{month}"));
        self.with("date", &[("year", year), ("month", &month), ("day", day.trim_start_matches('0'))])
    }

    /// The label of an entry field; a field that only the configuration knows is shown by its key, made readable.
    #[must_use]
    pub fn label(&self, key: &str) -> String {
        // The configuration writes `full_name`, the locale files `field-full-name`.
        let dashed = key.replace('_', "-");
        if self.has(&dashed) {
            return self.t(&dashed);
        }
        let bare = key.trim_start_matches("field-").replace(['-', '_'], " ");
        let mut letters = bare.chars();
        letters.next().map_or(bare.clone(), |first| first.to_uppercase().collect::<String>() + letters.as_str())
    }
}

/// Phrases have their English words in the program; another language has words of its own for each.
impl Speaker for Words {
    fn say(&self, phrase: &Phrase) -> String {
        if !self.has(&phrase.key) {
            return phrase.english.clone();
        }
        let texts: Vec<(&str, String)> = phrase.details.iter().map(|(name, detail)| (*name, self.detail(detail))).collect();
        self.with(&phrase.key, &texts.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>())
    }

    fn number(&self, number: &str) -> String {
        self.decimal(number)
    }
}

/// A whole number with thin groups: `10 482`.
#[must_use]
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
}

/// A registration code in groups of four, to be read aloud: `7KQ2 M9XV`.
#[must_use]
pub fn code_in_groups(code: &str) -> String {
    let plain: Vec<char> = code.chars().filter(|c| c.is_alphanumeric()).collect();
    plain.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::document::words::known;
    use std::collections::BTreeSet;

    fn keys_of(source: &str) -> BTreeSet<String> {
        source
            .lines()
            .filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|l| l.split_once('=').map(|(k, _)| k.trim().to_owned()))
            .collect()
    }

    /// Words that flows and machines hand to a screen as keys.
    const REASONS: [&str; 6] = ["refused", "problem", "working", "attempt", "trouble", "quality"];

    /// Every `"some-key"` literal handed to a function of [`Words`] anywhere in `src/`, or named `…_key`.
    fn keys_used() -> BTreeSet<String> {
        fn walk(folder: &std::path::Path, found: &mut BTreeSet<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    for (i, literal) in text.split('"').enumerate() {
                        let kind = literal.split('-').next().unwrap_or_default();
                        let plain = literal.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                        if i % 2 == 1
                            && plain
                            && !literal.ends_with("-evaluation")
                            && literal.contains('-')
                            && !literal.ends_with('-')
                            && REASONS.contains(&kind)
                        {
                            found.insert(literal.to_owned());
                        }
                    }
                    for mark in [".t(\"", ".n(\"", ".with(\"", "_key: \"", "key(\""] {
                        for rest in text.split(mark).skip(1) {
                            let key = rest.split('"').next().unwrap_or_default();
                            if key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') && key.contains('-') {
                                found.insert(key.to_owned());
                            }
                        }
                    }
                }
            }
        }
        let mut found = BTreeSet::new();
        walk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        found
    }

    /// A key that stands twice in a file is read once; the other words are never shown.
    #[test]
    fn no_key_stands_twice() {
        for language in Language::ALL {
            let named = language.source().lines().filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase()));
            let keys: Vec<&str> = named.filter_map(|l| l.split_once(" =").map(|(key, _)| key)).collect();
            let twice: Vec<_> = keys.iter().enumerate().filter(|(i, key)| keys[..*i].contains(key)).collect();
            assert!(keys.len() > 500 && twice.is_empty(), "{}: {twice:?}", language.tag());
        }
    }

    #[test]
    fn every_locale_parses_and_knows_the_same_keys() {
        let english = keys_of(Language::English.source());
        for language in Language::ALL {
            assert!(FluentResource::try_new(language.source().to_owned()).is_ok(), "{} does not parse", language.tag());
            let said: BTreeSet<String> = known().into_iter().map(|(key, _)| key).collect();
            let own = |key: &String| !key.starts_with("advice-") && !said.contains(key);
            let keys: BTreeSet<String> = keys_of(language.source()).into_iter().filter(own).collect();
            assert_eq!(english.difference(&keys).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in {}", language.tag());
            assert_eq!(keys.difference(&english).collect::<Vec<_>>(), Vec::<&String>::new(), "only in {}", language.tag());
        }
    }

    /// Parts that only the command line and the local twin use; what they say is English.
    const WITHOUT_WINDOW: [&str; 8] = [
        "src/cli",
        "src/adapters/twin",
        "src/adapters/twin.rs",
        "src/biometrics/evaluation.rs",
        "src/runtime/evaluation.rs",
        "src/runtime/drill",
        "src/runtime/drill.rs",
        "src/runtime/document_scenes.rs",
    ];

    /// Whether a word is a support code, as `GAL-04` is.
    fn is_code(word: &str) -> bool {
        let Some((family, number)) = word.split_once('-') else { return false };
        let letters = family.len() == 3 && family.chars().all(|c| c.is_ascii_uppercase());
        letters && number.len() == 2 && number.chars().all(|c| c.is_ascii_digit())
    }

    /// Shipped code outside [`WITHOUT_WINDOW`].
    fn shipped() -> String {
        fn walk(folder: &std::path::Path, found: &mut String) {
            for path in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
                if WITHOUT_WINDOW.iter().any(|part| path.ends_with(part)) {
                    continue;
                }
                if path.is_dir() {
                    walk(&path, found);
                } else if path.extension().is_some_and(|e| e == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    found.push_str(text.split("#[cfg(test)]").next().unwrap());
                }
            }
        }
        let mut found = String::new();
        walk(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        found
    }

    /// Support codes that a window can show with advice: every one that [`shipped`] code gives a next step for, be it a literal or a constant.
    fn shown_codes() -> BTreeSet<String> {
        let text = shipped();
        let mut found = BTreeSet::new();
        for giver in ["Advice::input(", "Advice::environment(", "Advice::no(", "final_fault("] {
            for given in text.split(giver).skip(1) {
                let first = given.split([',', ')']).next().unwrap_or_default().trim();
                let literal = first.trim_matches('"');
                let constant = || {
                    let defined = text.split(&format!("const {first}: &str = \"")).nth(1)?;
                    defined.split('"').next()
                };
                found.extend(Some(literal).filter(|word| is_code(word)).or_else(constant).filter(|word| is_code(word)).map(str::to_owned));
            }
        }
        found
    }

    #[test]
    fn advice_is_given_in_the_language_of_the_window() {
        let codes = shown_codes();
        assert!(codes.len() > 120, "the search for codes found only {}", codes.len());
        for family in ["BIO", "CAM", "CFG", "DOC", "FLW", "GAL", "IMG", "KEY", "MOD", "PCK", "SVC", "SYN", "SYS"] {
            assert!(codes.iter().any(|code| code.starts_with(family)), "no code of {family} was found");
        }
        let german = Words::new(Language::German);
        let missing: Vec<_> = codes.iter().filter(|code| !german.has(&format!("advice-{code}"))).collect();
        assert!(missing.is_empty(), "German has no advice for {missing:?}");
        let stale: Vec<_> = keys_of(Language::German.source())
            .into_iter()
            .filter_map(|key| key.strip_prefix("advice-").map(str::to_owned))
            .filter(|code| !codes.contains(code))
            .collect();
        assert!(stale.is_empty(), "German has advice that nothing gives: {stale:?}");
        let advice = Advice::environment("GAL-04", "Free some space.");
        let said = german.failure("notice-failed", "the disk is full", advice);
        assert!(said.contains("Schaffen Sie Platz") && said.ends_with("(GAL-04)") && !said.contains("disk"), "{said}");
        let unknown = Advice::environment("ZZZ-01", "Wait.");
        assert_eq!(german.failure("notice-failed", "It rains.", unknown), "It rains. Wait. (ZZZ-01)");
        assert_eq!(Words::new(Language::English).advice(advice), "Free some space.");
    }

    #[test]
    fn every_key_used_exists_in_every_locale() {
        let used = keys_used();
        assert!(used.len() > 80, "the search for keys found only {}", used.len());
        for language in Language::ALL {
            let words = Words::new(language);
            let missing: Vec<_> = used.iter().filter(|k| !words.has(k)).collect();
            assert!(missing.is_empty(), "{} lacks {missing:?}", language.tag());
        }
    }

    /// What checks of documents say has its words in English in the program, and in every other locale file in that file and complete.
    #[test]
    fn every_phrase_has_words_in_every_language() {
        let known = known();
        let keys: BTreeSet<&String> = known.iter().map(|(key, _)| key).collect();
        assert!(keys.len() == known.len() && keys.len() > 250, "{} keys, {} of them different", known.len(), keys.len());
        for language in Language::ALL {
            let lines: Vec<(&str, &str)> = language.source().lines().filter_map(|l| l.split_once(" = ")).collect();
            for (key, details) in &known {
                let words = lines.iter().find(|(k, _)| k == key).map(|(_, words)| *words);
                if language == Language::English {
                    assert_eq!(words, None, "{key} has its English words in the program");
                    continue;
                }
                let words = words.unwrap_or_else(|| panic!("{} lacks {key}", language.tag()));
                let places: Vec<&str> = words.split("{ $").skip(1).filter_map(|rest| rest.split(" }").next()).collect();
                let mut sorted = (places, details.to_vec());
                sorted.0.sort_unstable();
                sorted.1.sort_unstable();
                assert_eq!(sorted.0, sorted.1, "{}: {key} = {words}", language.tag());
            }
        }
    }

    #[test]
    fn phrases_are_said_whole_with_what_is_filled_in() {
        use crate::documents::checks::{Claim, Reason};
        let differing = Phrase::from(Reason::SourcesDiffer { claims: vec![Claim::BirthDate, Claim::Sex] });
        assert_eq!(Words::new(Language::German).say(&differing), "Unterschiedlich: Geburtsdatum, Geschlecht.");
        assert_eq!((Language::German.wording().speaker)().say(&differing), "Unterschiedlich: Geburtsdatum, Geschlecht.");
        assert_eq!(Words::new(Language::English).say(&differing), differing.english);
        assert_eq!(Words::new(Language::German).number("0.25"), "0,25");
    }

    #[test]
    fn numbers_and_codes_are_grouped_for_reading() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(10_482), "10\u{a0}482");
        assert_eq!(grouped(1_000_000), "1\u{a0}000\u{a0}000");
        assert_eq!(code_in_groups("7kq2-m9xv"), "7kq2 m9xv");
        assert_eq!(Words::new(Language::English).one_in(1e-3), "1 in 1\u{a0}000");
    }

    #[test]
    fn counts_follow_the_language() {
        let words = Words::new(Language::English);
        assert_ne!(words.n("attempts-left", 1), words.n("attempts-left", 2).replace('2', "1"));
        assert_eq!(words.t("absent"), "absent");
        assert_eq!(words.label("field-mother_tongue"), "Mother tongue");
        assert_eq!(words.label("field-full_name"), "Full name");
    }
}
