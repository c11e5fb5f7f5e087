//! A value as a tree that folds, in parts: how much is shown at once is limited, and what is left out is said.

use super::address::encoded;
use maud::{Markup, html};
use serde_json::Value as Json;

/// How many items of a list or an object are shown at once.
pub(super) const AT_ONCE: usize = 100;

/// How many values are shown at once, whatever is in which.
const MOST: usize = 1_000;

/// How deep it is open at first.
const OPEN: usize = 2;

/// How much of a text is shown.
const TEXT: usize = 500;

/// A tree in the making.
pub(super) struct Tree<'t> {
    /// The address of the state, to which a path is added.
    address: &'t str,
    shown: usize,
}

impl<'t> Tree<'t> {
    /// The part of a value at `pointer`, from its item `from`.
    pub(super) fn show(address: &'t str, value: &Json, pointer: &str, from: usize) -> Markup {
        let mut tree = Self { address, shown: 0 };
        html! {
            div.tree { (tree.children_or_leaf(value, pointer, from, 0)) }
        }
    }

    fn children_or_leaf(
        &mut self,
        value: &Json,
        pointer: &str,
        from: usize,
        depth: usize,
    ) -> Markup {
        match value {
            Json::Object(members) => {
                let items = members.iter().map(|(name, value)| (name.clone(), value));
                self.children(items.skip(from), members.len(), pointer, from, depth)
            }
            Json::Array(items) => {
                let length = items.len();
                let items = items.iter().enumerate().skip(from);
                let items = items.map(|(number, value)| (number.to_string(), value));
                self.children(items, length, pointer, from, depth)
            }
            leaf => html! { p { (self::leaf(leaf)) } },
        }
    }

    fn children<'v>(
        &mut self,
        items: impl Iterator<Item = (String, &'v Json)>,
        length: usize,
        pointer: &str,
        from: usize,
        depth: usize,
    ) -> Markup {
        let mut shown = from;
        let mut rows = Vec::new();
        for (name, value) in items.take(AT_ONCE) {
            if self.shown >= MOST {
                break;
            }
            self.shown += 1;
            shown += 1;
            rows.push(self.row(&name, value, pointer, depth));
        }
        html! {
            ul {
                @for row in &rows { (row) }
                @if shown < length {
                    li { a href=(self.part(pointer, shown)) { "show more (" (length - shown) " left out)" } }
                }
            }
        }
    }

    fn row(&mut self, name: &str, value: &Json, pointer: &str, depth: usize) -> Markup {
        let kind = match value {
            Json::Object(members) => format!("{{{}}}", members.len()),
            Json::Array(items) => format!("[{}]", items.len()),
            _ => return html! { li { span.key { (name) } ": " (leaf(value)) } },
        };
        let pointer = format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"));
        html! {
            li {
                details open[depth < OPEN] {
                    summary { span.key { (name) } " " span.note { (kind) } }
                    (self.children_or_leaf(value, &pointer, 0, depth + 1))
                }
            }
        }
    }

    /// Where a part of the value is shown.
    fn part(&self, pointer: &str, from: usize) -> String {
        format!("{}&path={}&from={from}", self.address, encoded(pointer))
    }
}

fn leaf(value: &Json) -> Markup {
    match value {
        Json::String(text) if text.len() > TEXT => {
            let start = &text[..text.floor_char_boundary(TEXT)];
            html! { span.text { (start) } span.note { "… " (text.len()) " bytes in all" } }
        }
        Json::String(text) => html! { span.text { (text) } },
        Json::Null => html! { span.note { "null" } },
        other => html! { span.number { (other.to_string()) } },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_long_list_is_shown_in_parts_and_says_what_is_left_out() {
        let value = json!({ "notes": (0..100_000).collect::<Vec<_>>() });
        let shown = Tree::show("state?name=S", &value, "", 0).0;
        assert!(shown.len() < 20_000, "{}", shown.len());
        assert!(shown.contains("99900 left out"), "{shown}");
        assert!(shown.contains("state?name=S&amp;path=%2Fnotes&amp;from=100"));
    }

    #[test]
    fn markup_in_names_and_values_is_text() {
        let value = json!({ "<img src=x>": "<script>alert(1)</script>" });
        let shown = Tree::show("state?name=S", &value, "", 0).0;
        assert!(
            !shown.contains("<img") && !shown.contains("<script"),
            "{shown}"
        );
        assert!(shown.contains("&lt;script&gt;"));
    }
}
