//! Names are compared without regard to case, as in PowerShell.

/// Compares two names as .NET's `OrdinalIgnoreCase` does: by their upper-case letters, one by one.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    one.chars().map(fold).eq(other.chars().map(fold))
}

/// The upper-case letter of Unicode's simple mapping, which never changes the number of letters.
fn fold(character: char) -> char {
    match character {
        // .NET keeps these two apart from the ASCII letters `I` and `S`, so that no name of another script means an
        // ASCII name.
        'ı' | 'ſ' => character,
        // The simple mapping of Greek letters with a iota below is one letter. Rust's full mapping makes two of them.
        '\u{1F80}'..='\u{1F87}' | '\u{1F90}'..='\u{1F97}' | '\u{1FA0}'..='\u{1FA7}' => {
            char::from_u32(character as u32 + 8).unwrap_or(character)
        }
        '\u{1FB3}' | '\u{1FC3}' | '\u{1FF3}' => {
            char::from_u32(character as u32 + 9).unwrap_or(character)
        }
        _ => {
            let mut upper = character.to_uppercase();
            match (upper.next(), upper.next()) {
                (Some(upper), None) => upper,
                _ => character,
            }
        }
    }
}

pub(crate) fn folded(name: &str) -> String {
    name.chars().map(fold).collect()
}

/// The variant with this name in its own spelling, or the name itself if there is none.
pub(crate) fn variant_name<'a>(name: &'a str, variants: &'static [&'static str]) -> &'a str {
    let exact = variants.iter().find(|variant| **variant == name);
    exact
        .or_else(|| variants.iter().find(|variant| same_name(variant, name)))
        .copied()
        .unwrap_or(name)
}
