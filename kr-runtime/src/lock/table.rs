//! Locks found by name.

use super::named_lock::Registry;
use super::{Key, Lock, Template, WaitLimits};
use crate::sync::{Mutex, MutexGuard, unique_id};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock, PoisonError, RwLock, Weak};

/// Locks by name. A name that nobody holds or waits for takes no memory.
///
/// Entries are weak: a holder or waiter keeps its lock alive, and the last one removes the entry.
pub(crate) struct Table<V> {
    me: Weak<Self>,
    /// Tells tables apart.
    id: u64,
    /// Read by requests that have to wait.
    limits: RwLock<WaitLimits>,
    names: Mutex<Names<V>>,
}

struct Names<V> {
    locks: HashMap<Key, Weak<Lock<V>>>,
    /// The tables of keyed states, which own every name of their template.
    keyed: Vec<(Template, Arc<Table<V>>)>,
}

impl<V: Default + Send + 'static> Table<V> {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            id: unique_id(),
            limits: RwLock::default(),
            names: Mutex::new(Names {
                locks: HashMap::new(),
                keyed: Vec::new(),
            }),
        })
    }

    /// The lock of that name, which exists as long as somebody keeps it.
    pub(crate) fn get(&self, key: Key) -> Arc<Lock<V>> {
        let mut names = self.names();
        if let Some(lock) = names.locks.get(&key).and_then(Weak::upgrade) {
            return lock;
        }
        if let Some(keyed) = names.keyed_table(&key) {
            drop(names);
            return keyed.get(key);
        }
        let me: Weak<Self> = Weak::clone(&self.me);
        let lock = Lock::registered(key.clone(), me, self.id);
        names.locks.insert(key, Arc::downgrade(&lock));
        lock
    }

    /// The locks that are in use.
    pub(crate) fn locks(&self) -> Vec<Arc<Lock<V>>> {
        let (mut locks, keyed): (Vec<Arc<Lock<V>>>, _) = {
            let names = self.names();
            let locks = names.locks.values().filter_map(Weak::upgrade);
            (locks.collect(), names.keyed.clone())
        };
        locks.extend(keyed.iter().flat_map(|(_, table)| table.locks()));
        locks
    }

    /// The names that are in use, but for those of keyed states.
    pub(crate) fn keys(&self) -> Vec<Key> {
        self.names().locks.keys().cloned().collect()
    }

    /// Gives every name of a template to another table, that of a keyed state.
    pub(crate) fn delegate(&self, template: &Template, to: &Arc<Self>) {
        let mut names = self.names();
        if !names.keyed.iter().any(|(known, _)| known == template) {
            names.keyed.push((template.clone(), Arc::clone(to)));
        }
    }

    /// Registers a lock of another table under its name.
    pub(crate) fn register(&self, lock: &Arc<Lock<V>>) {
        let mut names = self.names();
        names.locks.insert(lock.key().clone(), Arc::downgrade(lock));
    }

    /// Sets the limits on waiting for its locks, those of keyed states among them.
    pub(crate) fn set_limits(&self, limits: WaitLimits) {
        *self.limits.write().unwrap_or_else(PoisonError::into_inner) = limits;
        let keyed = self.names().keyed.clone();
        for (_, table) in keyed {
            table.set_limits(limits);
        }
    }
}

impl<V> Table<V> {
    /// A number that no other table has, in this process or in another one, but by chance. Revisions of different tables
    /// have nothing to do with each other.
    pub(crate) fn epoch(&self) -> u64 {
        static PROCESS: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        PROCESS.hash_one(self.id)
    }

    fn names(&self) -> MutexGuard<'_, Names<V>> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V: Send> Registry for Table<V> {
    fn remove(&self, key: &Key) {
        let mut names = self.names();
        if names
            .locks
            .get(key)
            .is_some_and(|lock| lock.strong_count() == 0)
        {
            names.locks.remove(key);
        }
    }

    fn limits(&self) -> WaitLimits {
        *self.limits.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<V> Names<V> {
    fn keyed_table(&self, key: &Key) -> Option<Arc<Table<V>>> {
        let mut keyed = self.keyed.iter();
        let found = keyed.find(|(template, _)| template.matches(key.as_str()));
        found.map(|(_, table)| Arc::clone(table))
    }
}
