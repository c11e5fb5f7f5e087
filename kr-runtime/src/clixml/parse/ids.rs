//! The two tables of ids in a document: objects, and lists of type names.

use std::borrow::Cow;
use std::collections::HashMap;

/// Ids are strings. Writers number them from 0, so consecutive numbers go into a vector.
#[derive(Default)]
pub(crate) struct Ids<'de> {
    numbered: Vec<u32>,
    others: HashMap<Cow<'de, str>, u32>,
}

impl<'de> Ids<'de> {
    pub(crate) fn insert(&mut self, id: Cow<'de, str>, node: u32) {
        match count(&id) {
            Some(number) if number < self.numbered.len() => self.numbered[number] = node,
            Some(number) if number == self.numbered.len() && !self.others.contains_key(&id) => {
                self.numbered.push(node);
            }
            _ => {
                self.others.insert(id, node);
            }
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<u32> {
        count(id)
            .and_then(|number| self.numbered.get(number).copied())
            .or_else(|| {
                if self.others.is_empty() {
                    None
                } else {
                    self.others.get(id).copied()
                }
            })
    }
}

/// The number of an id in canonical decimal form.
fn count(id: &str) -> Option<usize> {
    let counted = id.len() <= 9
        && id.bytes().all(|byte| byte.is_ascii_digit())
        && (id == "0" || !id.starts_with('0'));
    if counted { id.parse().ok() } else { None }
}
