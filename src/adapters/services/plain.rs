//! A service's own words, fit to be shown and logged: short, one line, without anything that may name a person or be a secret.

const LONGEST: usize = 160;

/// Cleans `text`: control characters become spaces; words with `@`, with six or more digits, or longer than 40 characters become `…`.
#[must_use]
pub(super) fn plain(text: &str) -> String {
    let word = |word: &str| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        if word.contains('@') || digits >= 6 || word.chars().count() > 40 { "…".to_owned() } else { word.to_owned() }
    };
    let words: Vec<String> = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).map(word).collect();
    words.join(" ").chars().take(LONGEST).collect()
}

/// The first text found under one of the names a service may use for its message, in `body` or in an `error` object of it.
#[must_use]
pub(super) fn message_in(body: &serde_json::Value) -> Option<String> {
    const NAMES: [&str; 8] = ["message", "errorMsg", "description", "error_description", "errorMessage", "detail", "title", "error"];
    let found = |object: &serde_json::Value| NAMES.iter().find_map(|n| object.get(n)?.as_str()).map(plain).filter(|t| !t.is_empty());
    found(body).or_else(|| body.get("error").and_then(found)).or_else(|| body.get("errors")?.get(0).and_then(found))
}

/// The first code found under one of the names a service may use for it.
#[must_use]
pub(super) fn code_in(body: &serde_json::Value) -> Option<String> {
    const NAMES: [&str; 4] = ["code", "errorCode", "responseCode", "statusCode"];
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) if !text.is_empty() => Some(plain(text)),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let found = |object: &serde_json::Value| NAMES.iter().find_map(|n| object.get(n).and_then(text));
    found(body).or_else(|| body.get("error").and_then(found)).or_else(|| body.get("errors")?.get(0).and_then(found))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_numbers_and_secrets_are_left_out() {
        assert_eq!(plain("Account with id 5f0c1234-aa99\nnot found"), "Account with id … not found");
        assert_eq!(plain("user ada@example.org exists"), "user … exists");
        assert_eq!(plain(&"x".repeat(41)), "…");
        assert!(plain(&"word ".repeat(100)).chars().count() <= LONGEST);
    }

    #[test]
    fn messages_and_codes_are_found_where_services_put_them() {
        assert_eq!(message_in(&json!({ "errorMsg": "Field is missing" })).as_deref(), Some("Field is missing"));
        assert_eq!(message_in(&json!({ "error": { "code": -3, "description": "bad" } })).as_deref(), Some("bad"));
        assert_eq!(code_in(&json!({ "error": { "code": -3 } })).as_deref(), Some("-3"));
        assert_eq!(code_in(&json!({ "errors": [{ "errorCode": "X" }] })).as_deref(), Some("X"));
        assert_eq!(code_in(&json!([])), None);
    }
}
