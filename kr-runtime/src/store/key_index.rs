//! The keys of all instances, in order.

use crate::lock::LockKey;
use crate::sync::{Mutex, MutexGuard};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::PoisonError;

/// The keys of all instances, in order: a page of them is found without a look at the others.
pub(super) struct KeyIndex<K>(Mutex<BTreeSet<OrderedKey<K>>>);

struct OrderedKey<K>(K);

impl<K: LockKey> KeyIndex<K> {
    pub(super) fn new() -> Self {
        Self(Mutex::new(BTreeSet::new()))
    }

    /// Says whether a key has an instance.
    pub(super) fn set(&self, key: &K, is_listed: bool) {
        let key = OrderedKey(key.clone());
        match is_listed {
            true => self.keys().insert(key),
            false => self.keys().remove(&key),
        };
    }

    /// The keys behind this one, or from the first.
    pub(super) fn page(&self, after: Option<&K>, limit: usize) -> Vec<K> {
        let after = match after {
            Some(key) => Bound::Excluded(OrderedKey(key.clone())),
            None => Bound::Unbounded,
        };
        let keys = self.keys();
        let behind = keys.range((after, Bound::Unbounded));
        behind.take(limit).map(|key| key.0.clone()).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.keys().len()
    }

    fn keys(&self) -> MutexGuard<'_, BTreeSet<OrderedKey<K>>> {
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
