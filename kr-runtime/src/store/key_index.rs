//! The keys of all instances, in order.

use crate::lock::LockKey;
use crate::sync::{Mutex, MutexGuard};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::PoisonError;

/// The keys of all instances, in order: a page of them is found without a look at the others.
pub(super) struct KeyIndex<K>(Mutex<Keys<K>>);

struct Keys<K> {
    keys: BTreeSet<OrderedKey<K>>,
    /// How often a key was added.
    additions: u64,
}

struct OrderedKey<K>(K);

/// How many keys are copied at a time: whoever makes an instance waits for that.
const AT_ONCE: usize = 1_000;

impl<K: LockKey> KeyIndex<K> {
    pub(super) fn new() -> Self {
        Self(Mutex::new(Keys {
            keys: BTreeSet::new(),
            additions: 0,
        }))
    }

    /// Says whether a key has an instance.
    pub(super) fn set(&self, key: &K, is_listed: bool) {
        let key = OrderedKey(key.clone());
        let mut keys = self.keys();
        match is_listed {
            true => keys.additions += u64::from(keys.keys.insert(key)),
            false => drop(keys.keys.remove(&key)),
        }
    }

    /// The keys behind this one, or from the first.
    pub(super) fn page(&self, after: Option<&K>, limit: usize) -> Vec<K> {
        let after = match after {
            Some(key) => Bound::Excluded(OrderedKey(key.clone())),
            None => Bound::Unbounded,
        };
        let keys = self.keys();
        let behind = keys.keys.range((after, Bound::Unbounded));
        behind.take(limit).map(|key| key.0.clone()).collect()
    }

    /// All keys. One that is added or removed meanwhile may be among them or not.
    pub(super) fn all(&self) -> Vec<K> {
        let mut all = Vec::with_capacity(self.len());
        loop {
            let page = self.page(all.last(), AT_ONCE);
            let is_last = page.len() < AT_ONCE;
            all.extend(page);
            if is_last {
                return all;
            }
        }
    }

    /// How often a key was added: as long as that is the same, all keys are known.
    #[cfg(feature = "operations")]
    pub(super) fn additions(&self) -> u64 {
        self.keys().additions
    }

    pub(super) fn len(&self) -> usize {
        self.keys().keys.len()
    }

    fn keys(&self) -> MutexGuard<'_, Keys<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: LockKey> Ord for OrderedKey<K> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.compare(&other.0)
    }
}

impl<K: LockKey> PartialOrd for OrderedKey<K> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: LockKey> PartialEq for OrderedKey<K> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<K: LockKey> Eq for OrderedKey<K> {}
