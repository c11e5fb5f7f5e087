//! Texts that quote what a client sent are kept short.

use std::borrow::Cow;

/// How many bytes of a longer text stay, at its start and at its end.
const START: usize = 200;
const END: usize = 100;

/// The text, or its start and its end if it is long. The end stays because error messages say there what was expected.
pub(crate) fn shorten(text: &str) -> Cow<'_, str> {
    if text.len() <= START + END {
        return Cow::Borrowed(text);
    }
    let start = &text[..text.floor_char_boundary(START)];
    let end = &text[text.ceil_char_boundary(text.len() - END)..];
    Cow::Owned(format!("{start} … {end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_stays_as_it_is() {
        assert_eq!(shorten("short"), "short");
    }

    #[test]
    fn a_long_text_keeps_its_ends_whatever_its_characters_are() {
        for unit in ["a", "ä", "€", "𝄞"] {
            let text = format!("start {}end", unit.repeat(100_000));
            let short = shorten(&text);
            assert!(short.len() < 320, "{}", short.len());
            assert!(short.starts_with("start ") && short.ends_with("end"));
        }
    }
}
