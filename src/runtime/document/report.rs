//! The answer about a document as one page of HTML: light, ready to print, every check listed, no picture unless asked for.

use super::answer::{CheckText, DocumentAnswer};
use crate::imaging::Frame;
use crate::imaging::encode::{EncodeError, jpeg};
use base64::Engine as _;
use std::fmt::Write as _;

/// Longer side of a picture in the report, pixels, as it is shown.
const SHOWN_PX: u32 = 220;

/// Pictures that go into the report when somebody asked for them.
#[derive(Default, Clone, Copy)]
pub struct Pictures<'a> {
    /// Portrait of the document.
    pub portrait: Option<&'a Frame>,
    /// The living face.
    pub living: Option<&'a Frame>,
}

const STYLE: &str = "body{font:14px/1.45 system-ui,'Segoe UI',sans-serif;color:#1b1f24;background:#fff;max-width:52rem;margin:2rem auto;padding:0 1rem}\
h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.05rem;margin:1.6rem 0 .4rem}.small{color:#57606a;font-size:.85rem}\
.answer{display:inline-block;padding:.25rem .7rem;border-radius:.3rem;font-weight:600;border:1px solid}\
.ok{color:#116329;border-color:#116329}.refused{color:#a40e26;border-color:#a40e26}.undecided{color:#7a4e00;border-color:#7a4e00}\
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .5rem;border-bottom:1px solid #d0d7de}\
th{font-weight:600}td.num{text-align:right;font-variant-numeric:tabular-nums}pre{font:13px/1.5 ui-monospace,monospace;background:#f6f8fa;padding:.6rem;overflow-x:auto}\
.pictures img{max-height:220px;margin-right:1rem;border:1px solid #d0d7de}\
@media print{body{margin:0;max-width:none}tr{break-inside:avoid}}";

/// Writes the page. `made` is the time in words, `subject` a line of the officer's own or empty.
///
/// # Errors
/// [`EncodeError`] when a picture cannot be encoded.
pub fn html(answer: &DocumentAnswer, pictures: Pictures<'_>, made: &str) -> Result<String, EncodeError> {
    let mut page = String::with_capacity(16 << 10);
    let (word, sentence) = match answer.overall {
        "ok" => ("Accepted", "Readable, consistent and within the rules. This says nothing about whether the document is genuine."),
        "refused" => ("Refused", "At least one check speaks against the document."),
        _ => ("Undecided", "A person decides, or the document is captured again."),
    };
    let title = if answer.document.document_name.is_empty() { "Document" } else { &answer.document.document_name };
    page.push_str(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">",
    );
    page.push_str("<title>Document check</title><style>");
    page.push_str(STYLE);
    page.push_str("</style></head><body>\n");
    put(&mut page, "<h1>Document check: {}</h1>\n", &[title]);
    put(&mut page, "<p class=\"small\">Made {} by Visavis</p>\n", &[made]);
    put(&mut page, "<p><span class=\"answer {}\">{}</span> {}</p>\n", &[answer.overall, word, sentence]);
    if answer.retry_document_capture {
        page.push_str("<p>Capturing the document again can change the answer.</p>\n");
    }
    if !answer.advice.is_empty() {
        page.push_str("<h2>What to do</h2>\n<ul>\n");
        for a in &answer.advice {
            put(&mut page, "<li>{}: {}. {}</li>\n", &[a.code, &a.message, a.advice]);
        }
        page.push_str("</ul>\n");
    }
    pictures_of(&mut page, pictures)?;
    details(&mut page, answer);
    page.push_str(
        "<h2>Checks</h2>\n<table><thead><tr><th>Check</th><th>Result</th><th>Reason</th><th>Confidence</th></tr></thead><tbody>\n",
    );
    answer.checks.iter().for_each(|c| check(&mut page, c));
    page.push_str("</tbody></table>\n<p class=\"small\">Not checked never counts as passed. Hints refuse nobody.</p>\n</body></html>\n");
    Ok(page)
}

fn check(page: &mut String, c: &CheckText) {
    let result = match (c.status, c.consequence) {
        ("passed", _) => "passed",
        ("failed", Some("hint")) => "hint",
        ("failed", Some("retry")) => "capture again",
        ("failed", Some("person")) => "a person decides",
        ("failed", _) => "failed",
        _ => "not checked",
    };
    let confidence = c.confidence.map_or_else(String::new, |v| format!("{v:.2}"));
    let cells = "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"num\">{}</td></tr>\n";
    put(page, cells, &[c.title, result, &c.reason, &confidence]);
}

fn details(page: &mut String, answer: &DocumentAnswer) {
    let mut rows: Vec<(&str, String)> = Vec::new();
    if let Some(z) = &answer.zone {
        rows.extend([
            ("Family name", z.family_name.clone()),
            ("Given names", z.given_names.clone()),
            ("Document number", z.document_number.clone()),
            ("Issuing state", z.issuing_state.clone()),
            ("Nationality", z.nationality.clone()),
            ("Birth date", z.birth_date.clone().unwrap_or_default()),
            ("Sex", z.sex.map(String::from).unwrap_or_default()),
            ("Expiry date", z.expiry_date.clone().unwrap_or_default()),
        ]);
    } else if let Some(l) = answer.barcode.as_ref().and_then(|b| b.licence.as_ref()) {
        rows.extend([
            ("Family name", l.family_name.clone()),
            ("Given names", l.given_names.clone()),
            ("Document number", l.document_number.clone().unwrap_or_default()),
            ("Issuing country", l.issuing_country.clone().unwrap_or_default()),
            ("Birth date", l.birth_date.clone().unwrap_or_default()),
            ("Sex", l.sex.map(String::from).unwrap_or_default()),
            ("Expiry date", l.expiry_date.clone().unwrap_or_default()),
        ]);
    }
    if let Some(f) = &answer.face_match {
        let percent = f.score_percent.map_or_else(String::new, |p| format!(", {p:.0} %"));
        rows.push(("Portrait and living face", format!("{}{percent}", f.decision.replace('_', " "))));
        rows.push(("Threshold measured on", f.measured_on.clone()));
    }
    if rows.is_empty() {
        return;
    }
    page.push_str("<h2>Read from the document</h2>\n<table><tbody>\n");
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        put(page, "<tr><th>{}</th><td>{}</td></tr>\n", &[name, value]);
    }
    page.push_str("</tbody></table>\n");
    if let Some(z) = &answer.zone {
        put(page, "<pre>{}</pre>\n", &[&z.lines.join("\n")]);
    }
}

fn pictures_of(page: &mut String, pictures: Pictures<'_>) -> Result<(), EncodeError> {
    let named = [("Portrait of the document", pictures.portrait), ("Living face", pictures.living)];
    if named.iter().all(|(_, p)| p.is_none()) {
        return Ok(());
    }
    page.push_str("<h2>Pictures</h2>\n<p class=\"pictures\">");
    for (name, picture) in named {
        let Some(picture) = picture else { continue };
        let data = base64::engine::general_purpose::STANDARD.encode(jpeg(picture, 88)?);
        let height = SHOWN_PX.to_string();
        put(page, "<img alt=\"{}\" height=\"{}\" src=\"data:image/jpeg;base64,{}\">", &[name, &height, &data]);
    }
    page.push_str("</p>\n");
    Ok(())
}

/// Puts escaped values into the places of a template, in order.
fn put(page: &mut String, template: &str, values: &[&str]) {
    let mut values = values.iter();
    let mut parts = template.split("{}");
    page.push_str(parts.next().unwrap_or_default());
    for part in parts {
        for c in values.next().copied().unwrap_or_default().chars() {
            match c {
                '&' => page.push_str("&amp;"),
                '<' => page.push_str("&lt;"),
                '>' => page.push_str("&gt;"),
                '"' => page.push_str("&quot;"),
                '\'' => page.push_str("&#39;"),
                c if c.is_control() && c != '\n' => {
                    // A page holds no control characters; writing to a string does not fail.
                    let _ = write!(page, "\\u{{{:x}}}", u32::from(c));
                }
                c => page.push(c),
            }
        }
        page.push_str(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_leave_their_place() {
        let mut page = String::new();
        put(&mut page, "<td>{}</td><td title=\"{}\">", &["<script>&", "\"'\u{1b}{}"]);
        assert_eq!(page, "<td>&lt;script&gt;&amp;</td><td title=\"&quot;&#39;\\u{1b}{}\">");
    }
}
