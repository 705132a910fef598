//! `multipart/form-data`, as RFC 7578 has it.

use crate::units::SensitiveBytes;

/// One part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Name of the field.
    pub name: String,
    /// File name and media type, for files.
    pub file: Option<(String, String)>,
    /// Content.
    pub content: SensitiveBytes,
}

impl Part {
    /// A field of text.
    #[must_use]
    pub fn text(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), file: None, content: SensitiveBytes(value.as_bytes().to_vec()) }
    }

    /// A file.
    #[must_use]
    pub fn file(name: &str, file_name: &str, media_type: &str, content: &SensitiveBytes) -> Self {
        Self { name: name.to_owned(), file: Some((file_name.to_owned(), media_type.to_owned())), content: content.clone() }
    }
}

/// Media type with its boundary, and the body.
pub(super) fn encode(parts: &[Part]) -> (String, Vec<u8>) {
    // 128 random bits: no content holds them by chance.
    let boundary = format!("visavis-{:032x}", rand::random::<u128>());
    let mut body = Vec::with_capacity(parts.iter().map(|p| p.content.0.len() + 256).sum());
    for part in parts {
        body.extend_from_slice(format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(&part.name)).as_bytes());
        if let Some((file_name, media_type)) = &part.file {
            body.extend_from_slice(format!("; filename=\"{}\"\r\nContent-Type: {}", quoted(file_name), one_line(media_type)).as_bytes());
        }
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(&part.content.0);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={boundary}"), body)
}

/// Escapes what would end the quoted text, as browsers do.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_laid_out_and_cannot_break_out() {
        let parts =
            [Part::text("workflow\"\r\nX: y", "w1"), Part::file("selfie", "selfie.jpg", "image/jpeg", &SensitiveBytes(vec![0xff, 0xd8]))];
        let (media, body) = encode(&parts);
        let boundary = media.strip_prefix("multipart/form-data; boundary=").expect("a boundary");
        let expected = [
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"workflow%22%0D%0AX: y\"\r\n\r\nw1\r\n").into_bytes(),
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"selfie\"; filename=\"selfie.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n")
                .into_bytes(),
            vec![0xff, 0xd8],
            format!("\r\n--{boundary}--\r\n").into_bytes(),
        ]
        .concat();
        assert_eq!(body, expected);
        assert_ne!(encode(&parts).0, media, "every body has a boundary of its own");
    }
}
