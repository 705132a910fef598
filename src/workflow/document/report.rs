//! The report about a document: one HTML page that needs nothing else, for printing and for the file, in the language of whoever asks for it.
//!
//! The window reports on a decision, the command line on an answer; both become a [`Report`]. Pictures of people are in it only if they are
//! handed in: whoever exports says so.

pub mod words;

use super::decision::{CheckGroup, CheckLine, DocumentDecision};
use crate::documents::checks::{Claim, Consequence, Overall, Status};
use crate::phrase::{Phrase, Speaker, Wording};
use crate::units::{SensitiveText, UtcTime};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use words::ReportWord;

/// What is reported.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// OK, refused or undecided.
    pub overall: Overall,
    /// Which document it is, where that is known.
    pub document: Option<String>,
    /// Whether capturing the document again can change the answer.
    pub retry: bool,
    /// Titles of the checks it rests on, worst first; empty if it is OK.
    pub because: Vec<Phrase>,
    /// What to change at the desk: support code, what happened and what to do.
    pub advice: Vec<(&'static str, Phrase)>,
    /// What the document says.
    pub fields: Vec<(Claim, SensitiveText)>,
    /// The lines of its zone.
    pub zone_lines: Vec<SensitiveText>,
    /// Every check.
    pub lines: Vec<CheckLine>,
    /// Whether the portrait was signed in the chip.
    pub portrait_from_chip: bool,
}

impl From<&DocumentDecision> for Report {
    fn from(decision: &DocumentDecision) -> Self {
        Self {
            overall: decision.overall,
            document: None,
            retry: decision.retry,
            because: decision.because.clone(),
            advice: Vec::new(),
            fields: decision.fields.clone(),
            zone_lines: decision.zone_lines.clone(),
            lines: decision.lines.clone(),
            portrait_from_chip: decision.portrait_from_chip,
        }
    }
}

/// What the report says beside that.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// When it was decided.
    pub at: UtcTime,
    /// Program and version.
    pub program: &'a str,
    /// Practice mode: the report says so in large letters.
    pub practice: bool,
    /// The language.
    pub wording: Wording,
}

/// Pictures for the report, JPEG.
#[derive(Clone, Default)]
pub struct ReportPictures {
    /// The page.
    pub page: Option<Vec<u8>>,
    /// The document's portrait.
    pub portrait: Option<Vec<u8>>,
    /// The holder's signature.
    pub signature: Option<Vec<u8>>,
    /// The living face.
    pub face: Option<Vec<u8>>,
}

/// Biometric data: says which only.
impl std::fmt::Debug for ReportPictures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let here = |picture: &Option<Vec<u8>>| picture.is_some();
        let (page, portrait, signature, face) = (here(&self.page), here(&self.portrait), here(&self.signature), here(&self.face));
        write!(f, "ReportPictures(page {page}, portrait {portrait}, signature {signature}, face {face})")
    }
}

const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;margin:2.5rem auto;max-width:60rem;padding:0 1.5rem;color:#16202b}\
h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}.verdict{display:flex;gap:1rem;align-items:center;border-left:.5rem solid;\
padding:.8rem 1rem;margin:1.2rem 0;background:#f5f7fa}.ok{border-color:#17794a}.refused{border-color:#b3261e}.undecided{border-color:#946200}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #dde3ea}\
th{font-weight:600}.state{white-space:nowrap;font-weight:600}.passed{color:#17794a}.failed{color:#b3261e}.open{color:#5b6875}\
.values{color:#5b6875;font-size:.9em;word-break:break-word}.practice{border:3px dashed #b3261e;padding:.6rem 1rem;font-weight:700}\
.pictures{display:flex;gap:1rem;flex-wrap:wrap}.pictures figure{margin:0}.pictures img{max-height:14rem;border:1px solid #dde3ea}\
pre{font:13px/1.5 ui-monospace,monospace;background:#f5f7fa;padding:.6rem;overflow-x:auto}figcaption{font-size:.85em;color:#5b6875}footer{margin-top:2rem;color:#5b6875;font-size:.85em}@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}";

/// The page.
#[must_use]
pub fn html(report: &Report, about: &About<'_>, pictures: &ReportPictures) -> String {
    let mut page = Page { text: String::with_capacity(16 << 10), speaker: (about.wording.speaker)() };
    let (class, headline, sentence) = match report.overall {
        Overall::Ok => ("ok", ReportWord::Accepted, ReportWord::AcceptedLine),
        Overall::Refused => ("refused", ReportWord::Refused, ReportWord::RefusedLine),
        Overall::Undecided => ("undecided", ReportWord::Undecided, ReportWord::UndecidedLine),
    };
    let (headline, title) = (page.word(headline), page.word(ReportWord::Title));
    let named = report.document.as_deref().filter(|name| !name.is_empty()).map_or_else(|| title.clone(), |name| format!("{title}: {name}"));
    page.raw("<!doctype html>\n<html lang=\"");
    page.raw(about.wording.tag);
    page.raw("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
    page.put("<title>{}: {}</title><style>", &[&title, &headline]);
    page.raw(STYLE);
    page.raw("</style></head><body>\n");
    page.put("<h1>{}</h1>\n", &[&named]);
    if about.practice {
        page.said("<p class=\"practice\">{}</p>\n", ReportWord::Practice);
    }
    let sentence = page.word(sentence);
    page.put("<div class=\"verdict {}\"><div><strong>{}</strong><br>{}", &[class, &headline, &sentence]);
    if !report.because.is_empty() {
        page.said("<br>{}", ReportWord::Because { checks: report.because.clone() });
    }
    if report.retry {
        page.said("<br>{}", ReportWord::Retry);
    }
    page.raw("</div></div>\n");
    page.advice(report);
    page.fields(report);
    page.pictures(report, pictures);
    for (group, title) in
        [(CheckGroup::Face, ReportWord::Face), (CheckGroup::Document, ReportWord::Document), (CheckGroup::Chip, ReportWord::Chip)]
    {
        page.checks(title, report.lines.iter().filter(|l| l.group == group));
    }
    let foot = ReportWord::Foot { at: about.at.to_rfc3339(), program: about.program.to_owned() };
    page.said("<footer>{}</footer>\n</body></html>\n", foot);
    page.text
}

/// A page that is being written.
struct Page {
    text: String,
    speaker: Box<dyn Speaker>,
}

impl Page {
    fn word(&self, word: ReportWord) -> String {
        self.speaker.say(&word.into())
    }

    /// Adds markup as it is.
    fn raw(&mut self, markup: &str) {
        self.text.push_str(markup);
    }

    /// Adds markup with escaped values in the places of `{}`, in order.
    fn put(&mut self, template: &str, values: &[&str]) {
        let mut values = values.iter();
        let mut parts = template.split("{}");
        self.text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            self.text.push_str(&escaped(values.next().copied().unwrap_or_default()));
            self.text.push_str(part);
        }
    }

    fn said(&mut self, template: &str, word: ReportWord) {
        let words = self.word(word);
        self.put(template, &[&words]);
    }

    fn advice(&mut self, report: &Report) {
        if report.advice.is_empty() {
            return;
        }
        self.said("<h2>{}</h2>\n<ul>\n", ReportWord::WhatToDo);
        for (code, advice) in &report.advice {
            let said = self.speaker.say(advice);
            self.put("<li>{}: {}</li>\n", &[code, &said]);
        }
        self.raw("</ul>\n");
    }

    fn fields(&mut self, report: &Report) {
        if report.fields.is_empty() && report.zone_lines.is_empty() {
            return;
        }
        self.said("<h2>{}</h2>\n<table>\n", ReportWord::WhatItSays);
        for (claim, value) in report.fields.iter().filter(|(_, value)| !value.0.is_empty()) {
            let name = capitalised(&self.speaker.say(&claim.into()));
            self.put("<tr><th>{}</th><td>{}</td></tr>\n", &[&name, &value.0]);
        }
        self.raw("</table>\n");
        if !report.zone_lines.is_empty() {
            let lines: Vec<String> = report.zone_lines.iter().map(|line| escaped(&line.0)).collect();
            self.raw(&format!("<pre>{}</pre>\n", lines.join("\n")));
        }
    }

    fn pictures(&mut self, report: &Report, pictures: &ReportPictures) {
        let portrait = if report.portrait_from_chip { ReportWord::PortraitInChip } else { ReportWord::PortraitInPrint };
        let all = [
            (ReportWord::Document, &pictures.page),
            (portrait, &pictures.portrait),
            (ReportWord::Signature, &pictures.signature),
            (ReportWord::Face, &pictures.face),
        ];
        if all.iter().all(|(_, picture)| picture.is_none()) {
            return self.said("<p class=\"values\">{}</p>\n", ReportWord::WithoutPictures);
        }
        self.raw("<div class=\"pictures\">\n");
        for (caption, picture) in all {
            if let Some(bytes) = picture {
                let caption = self.word(caption);
                let encoded = STANDARD.encode(bytes);
                let figure = "<figure><img alt=\"{}\" src=\"data:image/jpeg;base64,{}\"><figcaption>{}</figcaption></figure>\n";
                self.put(figure, &[&caption, &encoded, &caption]);
            }
        }
        self.raw("</div>\n");
    }

    fn checks<'a>(&mut self, title: ReportWord, lines: impl Iterator<Item = &'a CheckLine>) {
        let mut lines = lines.peekable();
        if lines.peek().is_none() {
            return;
        }
        self.said("<h2>{}</h2>\n<table>\n", title);
        for line in lines {
            let (class, sign, state) = state(line);
            let state = self.word(state);
            let (title, reason) = (self.speaker.say(&line.title), self.speaker.say(&line.reason));
            self.put(
                "<tr><th>{}</th><td class=\"state {}\">{} {}</td><td>{}<div class=\"values\">",
                &[&title, class, sign, &state, &reason],
            );
            let mut values: Vec<String> =
                line.values.iter().map(|(name, value)| format!("{}: {}", self.speaker.say(name), self.speaker.detail(value))).collect();
            values.extend(line.confidence.map(|c| {
                let name = self.speaker.say(&super::words::Value::Confidence.into());
                format!("{name}: {}", self.speaker.number(&format!("{c:.2}")))
            }));
            let values: Vec<String> = values.iter().map(|value| escaped(value)).collect();
            self.raw(&values.join("<br>"));
            self.raw("</div></td></tr>\n");
        }
        self.raw("</table>\n");
    }
}

/// Class, sign and word of a check's state.
const fn state(line: &CheckLine) -> (&'static str, &'static str, ReportWord) {
    match (line.status, line.consequence) {
        (Status::Passed, _) => ("passed", "✓", ReportWord::Passed),
        (Status::Failed, Consequence::Hint) => ("open", "!", ReportWord::Hint),
        (Status::Failed, Consequence::Retry) => ("failed", "↻", ReportWord::CaptureAgain),
        (Status::Failed, Consequence::Person) => ("failed", "?", ReportWord::PersonDecides),
        (Status::Failed, Consequence::Refuse) => ("failed", "✗", ReportWord::Failed),
        (Status::NotChecked, _) => ("open", "–", ReportWord::NotChecked),
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// Text that cannot become markup: what a document says is under nobody's control.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::chip::ChipValue;

    fn report() -> Report {
        let line = |group, title, status, consequence| CheckLine {
            group,
            title: Phrase::of("test", title, title),
            status,
            consequence,
            reason: Phrase::of("test", "why", "Because <b>it</b> is so."),
            confidence: Some(0.9),
            values: vec![(ChipValue::Subject.into(), "C=DE & CN=\"x\"".into())],
        };
        Report {
            overall: Overall::Refused,
            document: Some("Passport <i>".to_owned()),
            retry: true,
            because: vec![Phrase::of("test", "Expiry", "Expiry")],
            advice: vec![("DOC-30", Phrase::of("test", "tilt", "Tilt <b>it</b>."))],
            lines: vec![
                line(CheckGroup::Document, "Expiry", Status::Failed, Consequence::Refuse),
                line(CheckGroup::Document, "Specimen", Status::Failed, Consequence::Hint),
                line(CheckGroup::Chip, "Signature", Status::Passed, Consequence::Refuse),
            ],
            fields: vec![(Claim::FamilyName, SensitiveText("<script>alert('O')</script>".to_owned()))],
            zone_lines: vec![SensitiveText("P<UTO".to_owned()), SensitiveText("L8<<1\u{1b}".to_owned())],
            portrait_from_chip: true,
        }
    }

    const ABOUT: About<'_> = About { at: UtcTime(1_795_240_000_000), program: "Visavis <1>", practice: false, wording: Wording::ENGLISH };

    #[test]
    fn what_a_document_says_never_becomes_markup() {
        let page = html(&report(), &ABOUT, &ReportPictures::default());
        assert!(!page.contains("<script") && !page.contains("<b>it") && !page.contains("<i>") && !page.contains("<1>"), "{page}");
        assert!(page.contains("<pre>P&lt;UTO\nL8&lt;&lt;1 </pre>") && page.contains("Passport &lt;i&gt;"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(&#39;O&#39;)&lt;/script&gt;"));
        assert!(page.contains("C=DE &amp; CN=&quot;x&quot;"));
    }

    #[test]
    fn every_check_is_listed_under_its_group_with_its_state() {
        let page = html(&report(), &ABOUT, &ReportPictures::default());
        let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is missing"));
        assert!(place("<h2>Document</h2>") < place("<th>Expiry</th><td class=\"state failed\">"));
        assert!(place("<th>Specimen</th><td class=\"state open\">! hint") < place("<h2>Chip</h2>"));
        assert!(place("<h2>Chip</h2>") < place("<th>Signature</th><td class=\"state passed\">"));
        assert!(!page.contains("<h2>Living face</h2>"), "no heading without checks");
        assert!(page.contains("Because of: Expiry."));
    }

    #[test]
    fn pictures_are_in_it_only_if_they_were_handed_in() {
        let without = html(&report(), &ABOUT, &ReportPictures::default());
        assert!(!without.contains("<img") && without.contains("without pictures"));
        let pictures = ReportPictures { portrait: Some(vec![0xFF, 0xD8]), ..ReportPictures::default() };
        let with = html(&report(), &About { practice: true, ..ABOUT }, &pictures);
        assert_eq!(with.matches("<img").count(), 1);
        assert!(with.contains("Portrait in the chip") && with.contains("Practice:"));
        assert_eq!(format!("{pictures:?}"), "ReportPictures(page false, portrait true, signature false, face false)");
    }
}
