//! The report about a decision: one HTML page that needs nothing else, for printing and for the file.
//!
//! Pictures of people are in it only if they are handed in: whoever exports says so.

use super::decision::{CheckGroup, CheckLine, DocumentDecision};
use crate::documents::checks::{Consequence, Overall, Status};
use crate::units::UtcTime;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;

/// What the report says beside the decision.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// When it was decided.
    pub at: UtcTime,
    /// Program and version.
    pub program: &'a str,
    /// Practice mode: the report says so in large letters.
    pub practice: bool,
}

/// Pictures for the report, JPEG.
#[derive(Clone, Default)]
pub struct ReportPictures {
    /// The page.
    pub page: Option<Vec<u8>>,
    /// The document's portrait.
    pub portrait: Option<Vec<u8>>,
    /// The living face.
    pub face: Option<Vec<u8>>,
}

/// Biometric data: says which only.
impl std::fmt::Debug for ReportPictures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let here = |picture: &Option<Vec<u8>>| picture.is_some();
        write!(f, "ReportPictures(page {}, portrait {}, face {})", here(&self.page), here(&self.portrait), here(&self.face))
    }
}

const STYLE: &str = "body{font:15px/1.45 system-ui,sans-serif;margin:2.5rem auto;max-width:60rem;padding:0 1.5rem;color:#16202b}\
h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}.verdict{display:flex;gap:1rem;align-items:center;border-left:.5rem solid;\
padding:.8rem 1rem;margin:1.2rem 0;background:#f5f7fa}.ok{border-color:#17794a}.refused{border-color:#b3261e}.undecided{border-color:#946200}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #dde3ea}\
th{font-weight:600}.state{white-space:nowrap;font-weight:600}.passed{color:#17794a}.failed{color:#b3261e}.open{color:#5b6875}\
.values{color:#5b6875;font-size:.9em;word-break:break-word}.practice{border:3px dashed #b3261e;padding:.6rem 1rem;font-weight:700}\
.pictures{display:flex;gap:1rem;flex-wrap:wrap}.pictures figure{margin:0}.pictures img{max-height:14rem;border:1px solid #dde3ea}\
figcaption{font-size:.85em;color:#5b6875}footer{margin-top:2rem;color:#5b6875;font-size:.85em}@media print{body{margin:0}}";

/// The page.
#[must_use]
pub fn html(decision: &DocumentDecision, about: &About<'_>, pictures: &ReportPictures) -> String {
    let (class, headline) = match decision.overall {
        Overall::Ok => ("ok", "Accepted"),
        Overall::Refused => ("refused", "Refused"),
        Overall::Undecided => ("undecided", "A person decides"),
    };
    let mut page = String::new();
    // Writing to a text cannot fail.
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Identity document: {headline}</title><style>{STYLE}</style></head><body>\n<h1>Identity document</h1>\n"
    );
    if about.practice {
        page.push_str("<p class=\"practice\">Practice: nothing in this report is about a real person.</p>\n");
    }
    let _ = write!(page, "<div class=\"verdict {class}\"><div><strong>{headline}</strong>");
    if !decision.because.is_empty() {
        let _ = write!(page, "<br>Because of: {}.", escaped(&decision.because.join(", ")));
    }
    page.push_str("</div></div>\n");
    fields(&mut page, decision);
    pictures_of(&mut page, decision, pictures);
    for (group, title) in [(CheckGroup::Face, "Living face"), (CheckGroup::Document, "Document"), (CheckGroup::Chip, "Chip")] {
        checks(&mut page, title, decision.lines.iter().filter(|l| l.group == group));
    }
    let _ = write!(
        page,
        "<footer>Decided {} by {}. “Not checked” never counts as passed.</footer>\n</body></html>\n",
        about.at.to_rfc3339(),
        escaped(about.program)
    );
    page
}

fn fields(page: &mut String, decision: &DocumentDecision) {
    if decision.fields.is_empty() {
        return;
    }
    page.push_str("<h2>What the document says</h2>\n<table>\n");
    for (name, value) in &decision.fields {
        let mut name = name.replace('-', " ");
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let _ = writeln!(page, "<tr><th>{}</th><td>{}</td></tr>", escaped(&name), escaped(&value.0));
    }
    page.push_str("</table>\n");
}

fn pictures_of(page: &mut String, decision: &DocumentDecision, pictures: &ReportPictures) {
    let portrait = if decision.portrait_from_chip { "Portrait in the chip" } else { "Portrait in print" };
    let all = [("Document", &pictures.page), (portrait, &pictures.portrait), ("Living face", &pictures.face)];
    if all.iter().all(|(_, picture)| picture.is_none()) {
        page.push_str("<p class=\"values\">Exported without pictures.</p>\n");
        return;
    }
    page.push_str("<div class=\"pictures\">\n");
    for (caption, picture) in all {
        if let Some(bytes) = picture {
            let encoded = STANDARD.encode(bytes);
            let image = format!("<img alt=\"{caption}\" src=\"data:image/jpeg;base64,{encoded}\">");
            let _ = writeln!(page, "<figure>{image}<figcaption>{caption}</figcaption></figure>");
        }
    }
    page.push_str("</div>\n");
}

fn checks<'a>(page: &mut String, title: &str, lines: impl Iterator<Item = &'a CheckLine>) {
    let mut rows = String::new();
    for line in lines {
        let (class, state) = match (line.status, line.consequence) {
            (Status::Passed, _) => ("passed", "✓ passed"),
            (Status::Failed, Consequence::Hint) => ("open", "! hint"),
            (Status::Failed, _) => ("failed", "✗ failed"),
            (Status::NotChecked, _) => ("open", "– not checked"),
        };
        let mut values: Vec<String> = line.values.iter().map(|(name, value)| format!("{}: {}", escaped(name), escaped(value))).collect();
        values.extend(line.confidence.map(|c| format!("confidence: {c:.2}")));
        let _ = writeln!(
            rows,
            "<tr><th>{}</th><td class=\"state {class}\">{state}</td><td>{}<div class=\"values\">{}</div></td></tr>",
            escaped(line.title),
            escaped(&line.reason),
            values.join("<br>")
        );
    }
    if !rows.is_empty() {
        let _ = write!(page, "<h2>{title}</h2>\n<table>\n{rows}</table>\n");
    }
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
    use crate::geometry::Size;
    use crate::imaging::Frame;
    use crate::units::SensitiveText;
    use std::sync::Arc;

    fn decision() -> DocumentDecision {
        let line = |group, title, status, consequence| CheckLine {
            group,
            title,
            status,
            consequence,
            reason: "Because <b>it</b> is so.".to_owned(),
            confidence: Some(0.9),
            values: vec![("subject".to_owned(), "C=DE & CN=\"x\"".to_owned())],
        };
        DocumentDecision {
            overall: Overall::Refused,
            retry: false,
            because: vec!["Expiry"],
            lines: vec![
                line(CheckGroup::Document, "Expiry", Status::Failed, Consequence::Refuse),
                line(CheckGroup::Document, "Specimen", Status::Failed, Consequence::Hint),
                line(CheckGroup::Chip, "Signature", Status::Passed, Consequence::Refuse),
            ],
            fields: vec![("family-name", SensitiveText("<script>alert('O')</script>".to_owned()))],
            page: Arc::new(Frame::filled(Size::new(4, 4), [9; 3])),
            other_page: None,
            portrait: None,
            portrait_from_chip: true,
            face: None,
            comparison: None,
        }
    }

    const ABOUT: About<'_> = About { at: UtcTime(1_795_240_000_000), program: "Visavis 1", practice: false };

    #[test]
    fn what_a_document_says_never_becomes_markup() {
        let page = html(&decision(), &ABOUT, &ReportPictures::default());
        assert!(!page.contains("<script") && !page.contains("<b>it"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(&#39;O&#39;)&lt;/script&gt;"));
        assert!(page.contains("C=DE &amp; CN=&quot;x&quot;"));
    }

    #[test]
    fn every_check_is_listed_under_its_group_with_its_state() {
        let page = html(&decision(), &ABOUT, &ReportPictures::default());
        let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is missing"));
        assert!(place("<h2>Document</h2>") < place("<th>Expiry</th><td class=\"state failed\">"));
        assert!(place("<th>Specimen</th><td class=\"state open\">! hint") < place("<h2>Chip</h2>"));
        assert!(place("<h2>Chip</h2>") < place("<th>Signature</th><td class=\"state passed\">"));
        assert!(!page.contains("<h2>Living face</h2>"), "no heading without checks");
        assert!(page.contains("Because of: Expiry."));
    }

    #[test]
    fn pictures_are_in_it_only_if_they_were_handed_in() {
        let without = html(&decision(), &ABOUT, &ReportPictures::default());
        assert!(!without.contains("<img") && without.contains("without pictures"));
        let pictures = ReportPictures { portrait: Some(vec![0xFF, 0xD8]), ..ReportPictures::default() };
        let with = html(&decision(), &About { practice: true, ..ABOUT }, &pictures);
        assert_eq!(with.matches("<img").count(), 1);
        assert!(with.contains("Portrait in the chip") && with.contains("Practice:"));
        assert_eq!(format!("{pictures:?}"), "ReportPictures(page false, portrait true, face false)");
    }
}
