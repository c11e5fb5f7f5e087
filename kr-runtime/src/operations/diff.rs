//! What differs between two values.

use serde::Serialize;
use serde_json::{Map, Value as Json};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Change {
    /// Where it is, as `Notes[2].Text`; empty for the whole value.
    pub(crate) path: String,
    /// None: there was nothing.
    pub(crate) before: Option<String>,
    /// None: there is nothing.
    pub(crate) after: Option<String>,
}

/// The differences between two values.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Changes {
    pub(crate) items: Vec<Change>,
    /// How many more there are.
    pub(crate) left_out: usize,
}

/// How much of a value a difference shows.
const SHOWN: usize = 200;

/// What differs, at most `most` of it.
pub(crate) fn changes(before: Option<&Json>, after: Option<&Json>, most: usize) -> Changes {
    let mut changes = Changes::default();
    let mut path = String::new();
    Comparison {
        changes: &mut changes,
        most,
    }
    .compare(&mut path, before, after);
    changes
}

struct Comparison<'c> {
    changes: &'c mut Changes,
    most: usize,
}

impl Comparison<'_> {
    fn compare(&mut self, path: &mut String, before: Option<&Json>, after: Option<&Json>) {
        match (before, after) {
            (before, after) if before == after => {}
            (Some(Json::Object(before)), Some(Json::Object(after))) => {
                self.objects(path, before, after);
            }
            (Some(Json::Array(before)), Some(Json::Array(after))) => {
                self.arrays(path, before, after);
            }
            _ => self.report(path, before, after),
        }
    }

    fn objects(
        &mut self,
        path: &mut String,
        before: &Map<String, Json>,
        after: &Map<String, Json>,
    ) {
        let added = after.keys().filter(|name| !before.contains_key(*name));
        for name in before.keys().chain(added) {
            let length = path.len();
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(name);
            self.compare(path, before.get(name), after.get(name));
            path.truncate(length);
        }
    }

    /// What both begin and end with is the same. An item that was put in or taken out in between moves the others.
    fn arrays(&mut self, path: &mut String, before: &[Json], after: &[Json]) {
        let same = |(one, other): &(&Json, &Json)| one == other;
        let start = before.iter().zip(after).take_while(same).count();
        let (before, after) = (&before[start..], &after[start..]);
        let ends = before.iter().rev().zip(after.iter().rev());
        let end = ends.take_while(same).count();
        let (before, after) = (&before[..before.len() - end], &after[..after.len() - end]);
        for number in 0..before.len().max(after.len()) {
            let length = path.len();
            path.push_str(&format!("[{}]", start + number));
            self.compare(path, before.get(number), after.get(number));
            path.truncate(length);
        }
    }

    fn report(&mut self, path: &str, before: Option<&Json>, after: Option<&Json>) {
        if self.changes.items.len() == self.most {
            self.changes.left_out += 1;
            return;
        }
        self.changes.items.push(Change {
            path: path.to_owned(),
            before: before.map(text),
            after: after.map(text),
        });
    }
}

fn text(json: &Json) -> String {
    let mut text = json.to_string();
    if text.len() > SHOWN {
        text.truncate(text.floor_char_boundary(SHOWN));
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn paths(before: &Json, after: &Json) -> Vec<String> {
        let changes = changes(Some(before), Some(after), 100);
        changes
            .items
            .into_iter()
            .map(|change| change.path)
            .collect()
    }

    #[test]
    fn each_difference_has_its_place() {
        let before = json!({ "a": 1, "b": { "c": [1, 2] }, "gone": 0 });
        let after = json!({ "a": 1, "b": { "c": [1, 3] }, "new": 0 });
        assert_eq!(paths(&before, &after), ["b.c[1]", "gone", "new"]);
        assert!(paths(&before, &before).is_empty());
    }

    #[test]
    fn an_item_put_in_is_one_difference() {
        assert_eq!(paths(&json!([1, 2, 3]), &json!([0, 1, 2, 3])), ["[0]"]);
        assert_eq!(paths(&json!([1, 2, 3]), &json!([1, 3])), ["[1]"]);
    }

    #[test]
    fn more_than_fit_are_counted() {
        let before = json!([1, 2, 3, 4]);
        let after = json!([5, 6, 7, 8]);
        let changes = changes(Some(&before), Some(&after), 3);
        assert_eq!((changes.items.len(), changes.left_out), (3, 1));
    }

    #[test]
    fn numbers_of_64_bits_are_exact() {
        let changes = changes(Some(&json!(u64::MAX)), Some(&json!(i64::MIN)), 1);
        assert_eq!(
            changes.items[0].before.as_deref(),
            Some("18446744073709551615")
        );
        assert_eq!(
            changes.items[0].after.as_deref(),
            Some("-9223372036854775808")
        );
    }
}
