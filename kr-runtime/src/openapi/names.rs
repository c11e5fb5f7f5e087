//! The names of schemas in a document: unique, and the same whatever the order of handlers and fields.
//!
//! A schema is called as its type. Types of one name get the names of their modules in front, as many as it takes. The
//! parameters of a generic type follow its name. A type that is read in another shape than it is written has two schemas.

use std::collections::{BTreeMap, BTreeSet};

/// The name of each type, by the whole path of the type.
pub(super) fn names(ids: &BTreeSet<String>) -> BTreeMap<String, String> {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut open: Vec<&String> = ids.iter().collect();
    let longest = ids.iter().map(|id| id.matches("::").count()).max();
    for modules in 0..=longest.unwrap_or_default() {
        let mut by_name: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for id in open {
            by_name.entry(name(id, modules)).or_default().push(id);
        }
        let taken: BTreeSet<String> = names.values().cloned().collect();
        open = Vec::new();
        for (name, ids) in by_name {
            match ids.as_slice() {
                [id] if !taken.contains(&name) => {
                    names.insert((*id).clone(), name);
                }
                _ => open.extend(ids),
            }
        }
    }
    // Paths that differ in signs alone.
    for id in open {
        let name = (2..)
            .map(|number| format!("{}_{number}", name(id, usize::MAX)))
            .find(|name| !names.values().any(|taken| taken == name));
        names.insert(id.clone(), name.unwrap_or_default());
    }
    names
}

/// A type with so many of its modules, in the letters that a name may have.
fn name(id: &str, modules: usize) -> String {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.');
    let paths = id.split(|c| !is_part(c)).filter(|path| !path.is_empty());
    let names = paths.map(|path| {
        let segments: Vec<&str> = path.split("::").collect();
        let first = segments.len().saturating_sub(modules.saturating_add(1));
        segments[first..].join("_")
    });
    let name = names.collect::<Vec<_>>().join("_");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    name.chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::names;

    fn named(ids: &[&str]) -> Vec<String> {
        let names = names(&ids.iter().map(|id| (*id).to_owned()).collect());
        ids.iter().map(|id| names[*id].clone()).collect()
    }

    #[test]
    fn a_type_is_called_by_its_name_alone() {
        assert_eq!(named(&["shop::Page", "shop::cart::Item"]), ["Page", "Item"]);
    }

    #[test]
    fn types_of_one_name_have_their_modules_in_front() {
        assert_eq!(
            named(&["shop::orders::Page", "shop::carts::Page", "shop::Item"]),
            ["orders_Page", "carts_Page", "Item"]
        );
        assert_eq!(
            named(&["a::x::Page", "b::x::Page", "x::Page"]),
            ["a_x_Page", "b_x_Page", "x_Page"]
        );
    }

    #[test]
    fn a_generic_type_has_its_parameters_behind_it() {
        assert_eq!(
            named(&["a::Page<a::Order>", "a::Page<b::Item>", "a::Page<c::Item>"]),
            ["Page_Order", "a_Page_b_Item", "a_Page_c_Item"]
        );
    }

    #[test]
    fn a_name_has_plain_letters_and_is_unique() {
        assert_eq!(named(&["a::Größe"]), ["Gr__e"]);
        let both = named(&["a::Grüße", "a::Gräße"]);
        assert_ne!(both[0], both[1]);
    }
}
