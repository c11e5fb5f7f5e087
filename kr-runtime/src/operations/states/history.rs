//! What has changed lately in a state.
//!
//! A thread looks at its revision a few times a second, so that commits themselves do nothing for it. Changes between two
//! looks are one entry. What a look costs bounds how often there is one, and a large state is not compared at all.

use crate::operations::diff::{Changes, changes};
use crate::state::{StateType, latest_value};
use crate::store::LockGroup;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// How many entries there are of each state.
const MOST: usize = 20;

/// Of each entry.
const MOST_CHANGES: usize = 50;

/// A larger value is not kept to compare the next one with it.
const LARGE: usize = 256 * 1024;

/// A look at a state takes at most this part of the time of one thread.
const SHARE: u32 = 100;

/// What has changed in one look.
#[derive(Clone, Serialize)]
pub(crate) struct Entry {
    /// The revision that was seen.
    pub(crate) revision: u64,
    /// The one that was seen before.
    pub(crate) since: u64,
    /// When it was seen, in seconds since 1970.
    #[serde(serialize_with = "crate::operations::time::serialize")]
    pub(crate) seen: Option<SystemTime>,
    /// What differs; none if the value is too large to be compared.
    pub(crate) changes: Option<Changes>,
}

/// What is known of a state from the last look.
#[derive(Clone, Default)]
pub(crate) struct Seen {
    pub(crate) bytes: Option<usize>,
    pub(crate) changed: Option<SystemTime>,
}

/// Where a state is.
pub(super) struct Place<'s> {
    pub(super) state: &'s StateType,
    pub(super) group: &'s LockGroup,
    pub(super) index: usize,
    pub(super) is_keyed: bool,
}

/// What has changed lately in a state.
#[derive(Default)]
pub(super) struct History {
    revision: Option<u64>,
    value: Option<Json>,
    seen: Seen,
    entries: VecDeque<Entry>,
    /// Not before then.
    next_look: Option<Instant>,
}

impl History {
    /// Looks at a state if its revision has changed. It is copied to JSON while nobody has to wait for this.
    pub(super) fn look(history: &Mutex<Self>, place: &Place<'_>) {
        let start = Instant::now();
        let revision = place.group.chain().durable().revision();
        {
            let mut history = guard(history);
            let is_due = history.next_look.is_none_or(|next| next <= start);
            if history.revision == Some(revision) || !is_due {
                return;
            }
            // In case the state's own code panics.
            history.next_look = Some(start + MINUTE);
        }
        // What is being changed in place is looked at another time. Nobody waits for this thread.
        let Ok(Some((value, revision))) = latest_value(place.group, place.index, place.is_keyed)
        else {
            guard(history).next_look = None;
            return;
        };
        let json = place.state.masked_json(&value).and_then(Result::ok);
        drop(value);
        let bytes = json.as_ref().map(|json| json.to_string().len());
        let json = json.filter(|_| bytes.is_some_and(|bytes| bytes <= LARGE));
        let mut history = guard(history);
        history.add(revision, json, bytes);
        history.next_look = Some(Instant::now() + SHARE * start.elapsed().min(MINUTE));
    }

    pub(super) fn seen(&self) -> Seen {
        self.seen.clone()
    }

    /// What has changed, the newest first.
    pub(super) fn entries(&self) -> Vec<Entry> {
        self.entries.iter().rev().cloned().collect()
    }
}

pub(super) fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The next look after a panic, and the longest time that one look counts for.
const MINUTE: Duration = Duration::from_secs(60);

impl History {
    fn add(&mut self, revision: u64, json: Option<Json>, bytes: Option<usize>) {
        let before = std::mem::replace(&mut self.value, json);
        self.seen.bytes = bytes;
        // The first look finds what was there before anybody looked.
        if let Some(since) = self.revision.replace(revision) {
            let now = SystemTime::now();
            self.seen.changed = Some(now);
            let compared = before.is_some() && self.value.is_some();
            self.entries.push_back(Entry {
                revision,
                since,
                seen: Some(now),
                changes: compared
                    .then(|| changes(before.as_ref(), self.value.as_ref(), MOST_CHANGES)),
            });
            if self.entries.len() > MOST {
                self.entries.pop_front();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_last_twenty_changes_are_kept() {
        let mut history = History::default();
        for revision in 0..30 {
            history.add(revision, Some(json!({ "count": revision })), Some(10));
        }
        assert_eq!(history.entries.len(), MOST);
        let last = history.entries.back().unwrap();
        assert_eq!((last.since, last.revision), (28, 29));
        let changes = last.changes.as_ref().unwrap();
        assert_eq!(changes.items[0].path, "count");
        assert_eq!(changes.items[0].before.as_deref(), Some("28"));
    }

    #[test]
    fn the_first_look_is_no_change() {
        let mut history = History::default();
        history.add(7, Some(json!(1)), Some(1));
        assert!(history.entries.is_empty() && history.seen.changed.is_none());
    }

    #[test]
    fn a_large_value_is_noted_and_not_compared() {
        let mut history = History::default();
        history.add(1, None, Some(LARGE + 1));
        history.add(2, None, Some(LARGE + 1));
        let entry = history.entries.back().unwrap();
        assert!(entry.changes.is_none());
        assert_eq!(history.seen.bytes, Some(LARGE + 1));
    }
}
