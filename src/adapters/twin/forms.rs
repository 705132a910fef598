//! The two encodings of forms.

use super::exchange::{Call, Flaw};
use axum::extract::Query;

/// `name=value` pairs of a query or of an `application/x-www-form-urlencoded` body.
pub(super) fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let uri: axum::http::Uri = format!("/?{text}").parse().ok()?;
    Query::<Vec<(String, String)>>::try_from_uri(&uri).ok().map(|Query(pairs)| pairs)
}

/// The value of `name` in a form-encoded body.
pub(super) fn form_value(call: &Call, name: &str) -> Option<String> {
    let text = std::str::from_utf8(&call.body).ok()?;
    pairs(text)?.into_iter().find(|(n, _)| n == name).map(|(_, v)| v)
}

/// One part of a `multipart/form-data` body.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// Most parts read.
const MAX_PARTS: usize = 32;

/// Parts of the body; an error when it is not a complete `multipart/form-data`.
pub(super) fn multipart(call: &Call) -> Result<Vec<Part>, Flaw> {
    let content_type = call.header("content-type").unwrap_or_default();
    let boundary = content_type
        .strip_prefix("multipart/form-data")
        .and_then(|rest| rest.split(';').find_map(|p| p.trim().strip_prefix("boundary=")))
        .map(|b| b.trim_matches('"'))
        .filter(|b| !b.is_empty() && b.len() <= 70)
        .ok_or(Flaw::NotJson)?;
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    // The first delimiter has no line before it.
    let body = [b"\r\n", call.body.as_slice()].concat();
    let mut rest = after(&body, &delimiter).ok_or(Flaw::NotJson)?.1;
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let (content, next) = after(rest, &delimiter).ok_or(Flaw::NotJson)?;
        let content = content.strip_prefix(b"\r\n").ok_or(Flaw::NotJson)?;
        let (head, bytes) = after(content, b"\r\n\r\n").ok_or(Flaw::NotJson)?;
        let head = std::str::from_utf8(head).map_err(|_| Flaw::NotJson)?;
        parts.push(Part { name: name_of(head).ok_or(Flaw::NotJson)?, bytes: bytes.to_vec() });
        if parts.len() > MAX_PARTS {
            return Err(Flaw::NotAllowed("parts".to_owned()));
        }
        rest = next;
    }
    Ok(parts)
}

/// Bytes before and after the first `needle`.
fn after<'a>(bytes: &'a [u8], needle: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes.windows(needle.len()).position(|w| w == needle)?;
    Some((&bytes[..at], &bytes[at + needle.len()..]))
}

fn name_of(head: &str) -> Option<String> {
    let disposition = head.lines().find(|l| l.to_ascii_lowercase().starts_with("content-disposition:"))?;
    let named = disposition.split(';').find_map(|p| p.trim().strip_prefix("name="))?;
    Some(named.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::UtcTime;

    fn call(content_type: &str, body: &[u8]) -> Call {
        Call {
            parameters: Default::default(),
            query: Vec::new(),
            headers: [("content-type".to_owned(), content_type.to_owned())].into(),
            body: body.to_vec(),
            now: UtcTime(0),
            shape: 0,
        }
    }

    #[test]
    fn parts_are_read_as_they_were_written() {
        let body =
            b"--xyz\r\nContent-Disposition: form-data; name=\"selfie\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\x00\r\n--x\
            \r\n--xyz\r\ncontent-disposition: form-data; name=\"workflowId\"\r\n\r\nw1\r\n--xyz--\r\n";
        let parts = multipart(&call("multipart/form-data; boundary=xyz", body)).expect("two parts");
        assert_eq!(parts.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["selfie", "workflowId"]);
        assert_eq!(parts[0].bytes, b"\x00\r\n--x");
        assert_eq!(parts[1].bytes, b"w1");
    }

    #[test]
    fn what_is_cut_off_is_refused() {
        let cut = b"--xyz\r\nContent-Disposition: form-data; name=\"selfie\"\r\n\r\nabc";
        assert!(multipart(&call("multipart/form-data; boundary=xyz", cut)).is_err());
        assert!(multipart(&call("application/json", b"{}")).is_err());
        assert!(multipart(&call("multipart/form-data", b"--xyz--")).is_err());
    }

    #[test]
    fn forms_are_decoded() {
        let call = call("application/x-www-form-urlencoded", b"grant_type=client_credentials&client_secret=a%26b+c");
        assert_eq!(form_value(&call, "client_secret").as_deref(), Some("a&b c"));
        assert_eq!(form_value(&call, "client_id"), None);
    }
}
