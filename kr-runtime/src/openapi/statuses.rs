//! The statuses that a function names: `StatusCode::CREATED`, `Problem::not_found(…)`.

use axum::http::StatusCode;

/// The status behind `StatusCode::` or `Problem::`, if there is one of that name.
pub(super) fn status(word: &str) -> Option<u16> {
    match word {
        "bad_request" => Some(400),
        "not_found" => Some(404),
        "conflict" => Some(409),
        "internal" => Some(500),
        "unavailable" => Some(503),
        _ => (100..600).find(|code| constant(*code).is_some_and(|name| name == word)),
    }
}

/// The constant of `StatusCode` for a status: its standard words in capitals.
fn constant(code: u16) -> Option<String> {
    let words = StatusCode::from_u16(code).ok()?.canonical_reason()?;
    let words = words.replace('\'', "").replace([' ', '-'], "_");
    Some(words.to_uppercase())
}

/// What a status means, as a title.
pub(super) fn meaning(status: &str) -> &'static str {
    let code = status.parse().ok();
    let code = code.and_then(|code| StatusCode::from_u16(code).ok());
    match code.and_then(|code| code.canonical_reason()) {
        Some(words) => words,
        None if status == "default" => "Any other response",
        None if status.starts_with('2') => "Success",
        None if status.starts_with('3') => "Look elsewhere",
        None => "Error",
    }
}

#[cfg(test)]
mod tests {
    use super::status;
    use axum::http::StatusCode;

    #[test]
    fn constants_are_found_by_their_names() {
        for (word, code) in [
            ("CREATED", StatusCode::CREATED),
            ("IM_A_TEAPOT", StatusCode::IM_A_TEAPOT),
            (
                "NON_AUTHORITATIVE_INFORMATION",
                StatusCode::NON_AUTHORITATIVE_INFORMATION,
            ),
            ("URI_TOO_LONG", StatusCode::URI_TOO_LONG),
            ("MULTI_STATUS", StatusCode::MULTI_STATUS),
            ("conflict", StatusCode::CONFLICT),
        ] {
            assert_eq!(status(word), Some(code.as_u16()), "{word}");
        }
        assert_eq!(status("new"), None);
    }
}
