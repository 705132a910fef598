//! A service's own words, fit to be shown and logged: short, one line, without anything that may name a person or be a secret.

use std::collections::BTreeSet;

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

/// `message` without any word of what was sent: a service may echo a name, a token or a reference.
#[must_use]
pub(super) fn without(message: &str, sent: &BTreeSet<String>) -> String {
    let heard = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        if sent.contains(&bare.to_lowercase()) { "…".to_owned() } else { word.to_owned() }
    };
    message.split(' ').map(heard).collect::<Vec<_>>().join(" ")
}

/// Adds the words of `text` that are long enough to mean something.
pub(super) fn add_words(text: &str, words: &mut BTreeSet<String>) {
    let bare = text.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()));
    words.extend(bare.filter(|w| (3..=4096).contains(&w.len())).map(str::to_lowercase));
}

/// Adds the words of every text inside `value`.
pub(super) fn add_texts(value: &serde_json::Value, words: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::String(text) => add_words(text, words),
        serde_json::Value::Array(items) => items.iter().for_each(|v| add_texts(v, words)),
        serde_json::Value::Object(object) => object.values().for_each(|v| add_texts(v, words)),
        _ => {}
    }
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
        serde_json::Value::String(text) => Some(text.clone()).filter(|t| is_code(t)),
        serde_json::Value::Number(number) => Some(number.to_string()).filter(|t| is_code(t)),
        _ => None,
    };
    let found = |object: &serde_json::Value| NAMES.iter().find_map(|n| object.get(n).and_then(text));
    found(body).or_else(|| body.get("error").and_then(found)).or_else(|| body.get("errors")?.get(0).and_then(found))
}

/// Whether a text can be a code: short, one word, and not a person's number.
fn is_code(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let letters = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    (1..=40).contains(&text.len()) && letters && digits <= 7
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
        assert_eq!(code_in(&json!({ "code": 120_038 })).as_deref(), Some("120038"));
        assert_eq!(code_in(&json!({ "code": "ada@example.org" })), None);
        assert_eq!(code_in(&json!({ "code": 49_170_123_456_u64 })), None);
        assert_eq!(code_in(&json!([])), None);
    }

    #[test]
    fn what_was_sent_is_not_told_again() {
        let mut sent = BTreeSet::new();
        add_texts(&json!({ "firstName": "Ada", "pii": [{ "n": "King Lovelace" }], "token": "tkn-é1" }), &mut sent);
        assert_eq!(without("user \"ADA\" (Lovelace) has token tkn-é1, in adapt", &sent), "user … … has token … in adapt");
    }
}
