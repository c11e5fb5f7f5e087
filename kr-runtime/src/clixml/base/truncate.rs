//! Text that fits into a message.

use std::borrow::Cow;

/// The start of a text, short enough for a message and on one line.
pub(crate) fn truncate(text: &str) -> Cow<'_, str> {
    const MAX_LENGTH: usize = 60;
    let end = text.char_indices().nth(MAX_LENGTH).map(|(end, _)| end);
    let short = &text[..end.unwrap_or(text.len())];
    let mark = if end.is_some() { "…" } else { "" };
    if mark.is_empty() && !short.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("{}{mark}", short.escape_debug()))
}
