//! Names are compared without regard to case, as in PowerShell.

/// .NET compares names by their upper-case letters, one by one.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return one.eq_ignore_ascii_case(other);
    }
    one.chars().map(fold).eq(other.chars().map(fold))
}

fn fold(character: char) -> char {
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => character,
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
