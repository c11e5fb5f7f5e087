//! The locks: who holds each, for how long, from where, and who waits.

use crate::lock::{Key, LockHandle, Template, WaitGraph, address_of};
use crate::operations::service::Service;
use crate::state::HostField;
use crate::store::Chain;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Those who wait for one lock are shown up to this number.
const MOST_WAITERS: usize = 100;

/// The names under which locks are counted: templates, and locks that guard a state without a key.
pub(crate) struct LockNames {
    singles: HashMap<Key, &'static str>,
    templates: Vec<(Template, &'static str)>,
}

/// A lock.
#[derive(Serialize)]
pub(crate) struct LockView {
    pub(crate) lock: String,
    /// The template, or the lock itself; `other` if it guards no state.
    pub(crate) template: String,
    /// The route, or the line of code, that holds it.
    pub(crate) holder: Option<String>,
    /// For how long.
    #[serde(rename = "held_for_seconds", serialize_with = "seconds")]
    pub(crate) held_for: Option<Duration>,
    /// How many wait.
    pub(crate) waiting: usize,
    /// The routes or lines of code that wait, in the order in which they are served; the first hundred.
    pub(crate) waiters: Vec<String>,
    /// If the holder waits itself: the last lock of that chain, for whose release everybody waits.
    pub(crate) root: Option<RootView>,
}

/// The lock at the end of a chain of those who wait for each other.
#[derive(Serialize)]
pub(crate) struct RootView {
    pub(crate) lock: String,
    /// The route, or the line of code, that holds it.
    pub(crate) holder: String,
    /// For how long.
    #[serde(rename = "held_for_seconds", serialize_with = "seconds")]
    pub(crate) held_for: Option<Duration>,
}

/// Some of the locks.
#[derive(Serialize)]
pub(crate) struct LockList {
    /// How many locks there are.
    pub(crate) locks: usize,
    /// How many are held.
    pub(crate) held: usize,
    /// How many requests wait for one.
    pub(crate) waiting: usize,
    /// Those that are held or waited for come first, the longest wait queues at the top.
    pub(crate) items: Vec<LockView>,
    /// How many more fit the search.
    pub(crate) left_out: usize,
}

/// For locks that guard no state.
const OTHER: &str = "other";

impl LockNames {
    pub(crate) fn of(fields: &[HostField<'_>]) -> Self {
        let mut names = Self {
            singles: HashMap::new(),
            templates: Vec::new(),
        };
        for field in fields {
            let lock = field.state_type().lock;
            match field {
                HostField::Single(_) => names.singles.extend(Key::new(lock).map(|key| (key, lock))),
                HostField::Keyed(_) => names.templates.push((Template::new(lock), lock)),
            }
        }
        names
    }

    /// All names, whether there are such locks or not.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'static str> {
        let singles = self.singles.values().copied();
        singles.chain(self.templates.iter().map(|(_, name)| *name))
    }

    /// What a lock is counted under.
    pub(crate) fn template(&self, lock: &Key) -> &'static str {
        let single = self.singles.get(lock).copied();
        single
            .or_else(|| {
                let mut templates = self.templates.iter();
                let template = templates.find(|(template, _)| template.matches(lock.as_str()));
                template.map(|(_, name)| *name)
            })
            .unwrap_or(OTHER)
    }
}

/// The locks whose names have `search` in them, at most `limit` of them.
pub(crate) fn list(service: &Service, search: &str, limit: usize) -> LockList {
    let names = LockNames::of(&service.host.state_fields());
    let search = search.trim().to_lowercase();
    let busy = service.locks.busy();
    let mut list = LockList {
        locks: busy.count,
        held: busy.locks.len(),
        waiting: 0,
        items: Vec::new(),
        left_out: 0,
    };
    let mut waited_for: HashMap<usize, &LockHandle<Chain>> = HashMap::new();
    let mut found = Vec::new();
    let mut known = HashSet::new();
    let named = service.locks.named(&search, limit);
    for lock in &busy.locks {
        let (is_held, waiting) = lock.load();
        list.waiting += waiting;
        if waiting > 0 {
            waited_for.insert(address_of(lock), lock);
        }
        let key = lock.key();
        if key.as_str().contains(&search) {
            known.insert(address_of(lock));
            found.push((waiting, is_held, key, lock));
        }
    }
    for lock in &named.locks {
        if known.insert(address_of(lock)) {
            let (is_held, waiting) = lock.load();
            found.push((waiting, is_held, lock.key(), lock));
        }
    }
    type Found<'l> = (usize, bool, Key, &'l LockHandle<Chain>);
    let order = |one: &Found<'_>, other: &Found<'_>| {
        let busy = (other.0, other.1).cmp(&(one.0, one.1));
        busy.then_with(|| one.2.cmp(&other.2))
    };
    list.left_out = named.count.saturating_sub(limit.min(found.len()));
    if found.len() > limit {
        found.select_nth_unstable_by(limit, order);
        found.truncate(limit);
    }
    found.sort_by(order);
    let graph = WaitGraph::of(waited_for.values().map(|lock| &***lock));
    for (_, _, key, lock) in found {
        let queue = lock.wait_queue(MOST_WAITERS);
        let (holder, held_for) = match queue.holder {
            Some(holder) => (Some(holder.call_site), Some(holder.held_for)),
            None => (None, None),
        };
        list.items.push(LockView {
            template: names.template(&key).to_owned(),
            lock: key.as_str().to_owned(),
            root: holder
                .is_some()
                .then(|| root(&graph, lock, &waited_for))
                .flatten(),
            holder,
            held_for,
            waiting: queue.waiting,
            waiters: queue.waiters,
        });
    }
    list
}

/// Who holds up the holder of a lock, if anybody does.
fn root(
    graph: &WaitGraph,
    lock: &LockHandle<Chain>,
    waited_for: &HashMap<usize, &LockHandle<Chain>>,
) -> Option<RootView> {
    let find = |address: usize| waited_for.get(&address).map(|lock| &***lock);
    let root = graph.root(lock, find)?;
    let (holder, held_for) = root.holder()?;
    Some(RootView {
        lock: root.key().as_str().to_owned(),
        holder,
        held_for: Some(held_for),
    })
}

#[expect(clippy::ref_option, reason = "serde passes a reference to the field")]
fn seconds<S: serde::Serializer>(
    duration: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    duration
        .map(|duration| duration.as_secs_f64())
        .serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_counted_under_its_template() {
        let names = LockNames {
            singles: HashMap::from([(Key::new("Page").unwrap(), "Page")]),
            templates: vec![(Template::new("cart:{id}"), "cart:{id}")],
        };
        let template = |lock: &str| names.template(&Key::new(lock).unwrap());
        assert_eq!(template("page"), "Page");
        assert_eq!(template("cart:7"), "cart:{id}");
        assert_eq!(template("report of 7 o'clock"), OTHER);
    }
}
