//! Locks found by name.

use super::named_lock::Registry;
use super::{Key, LockHandle, NamedLock, Template, WaitLimits};
use crate::sync::{Mutex, MutexGuard, unique_id};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock, Weak};

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
    /// Where it finds the locks that it need not remember.
    source: OnceLock<Weak<dyn LockSource<V>>>,
}

/// Where a table finds locks that it need not remember: the instances of a keyed state, whose keys can be read from the
/// names of their locks.
pub(crate) trait LockSource<V>: Send + Sync {
    /// The lock of that name, if there can be one. It exists from then on.
    fn find(&self, key: &Key) -> Option<LockHandle<V>>;

    /// The locks that exist.
    fn locks(&self) -> Vec<LockHandle<V>>;

    /// How many locks exist, and those that are held or waited for.
    #[cfg(feature = "operations")]
    fn busy(&self) -> (usize, Vec<LockHandle<V>>);

    /// How many locks have `search` in their names, and at most so many of them.
    #[cfg(feature = "operations")]
    fn named(&self, search: &str, most: usize) -> (usize, Vec<LockHandle<V>>);
}

/// What a table knows locks from.
#[cfg(feature = "operations")]
pub(super) struct TableParts<V> {
    pub(super) own: Vec<Arc<NamedLock<V>>>,
    pub(super) source: Option<Arc<dyn LockSource<V>>>,
    pub(super) keyed: Vec<Arc<Table<V>>>,
}

struct Names<V> {
    locks: HashMap<Key, Weak<NamedLock<V>>>,
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
            source: OnceLock::new(),
        })
    }

    /// The lock of that name, which exists as long as somebody keeps it.
    pub(crate) fn get(&self, key: Key) -> LockHandle<V> {
        let source = self.source.get().and_then(Weak::upgrade);
        if let Some(lock) = source.and_then(|source| source.find(&key)) {
            return lock;
        }
        let mut names = self.names();
        if let Some(lock) = names.known(&key) {
            return LockHandle::Own(lock);
        }
        if let Some(keyed) = names.keyed_table(&key) {
            drop(names);
            return keyed.get(key);
        }
        LockHandle::Own(self.make(&mut names, key))
    }

    /// As [`get`](Self::get), of a lock that is no part of anything.
    pub(crate) fn get_own(&self, key: Key) -> Arc<NamedLock<V>> {
        let mut names = self.names();
        let known = names.known(&key);
        known.unwrap_or_else(|| self.make(&mut names, key))
    }

    fn make(&self, names: &mut Names<V>, key: Key) -> Arc<NamedLock<V>> {
        let me: Weak<Self> = Weak::clone(&self.me);
        let lock = NamedLock::new(key.clone(), me, self.id);
        names.locks.insert(key, Arc::downgrade(&lock));
        lock
    }

    /// The locks that are in use.
    pub(crate) fn locks(&self) -> Vec<LockHandle<V>> {
        let (mut locks, keyed): (Vec<LockHandle<V>>, _) = {
            let names = self.names();
            let locks = names.locks.values().filter_map(Weak::upgrade);
            (locks.map(LockHandle::Own).collect(), names.keyed.clone())
        };
        if let Some(source) = self.source.get().and_then(Weak::upgrade) {
            locks.extend(source.locks());
        }
        locks.extend(keyed.iter().flat_map(|(_, table)| table.locks()));
        locks
    }

    /// Those of its own, where it finds others, and the tables of keyed states.
    #[cfg(feature = "operations")]
    pub(super) fn parts(&self) -> TableParts<V> {
        let names = self.names();
        TableParts {
            own: names.locks.values().filter_map(Weak::upgrade).collect(),
            source: self.source.get().and_then(Weak::upgrade),
            keyed: names
                .keyed
                .iter()
                .map(|(_, table)| Arc::clone(table))
                .collect(),
        }
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

    /// Says where it finds the locks that it need not remember.
    pub(crate) fn set_source(&self, source: Weak<dyn LockSource<V>>) {
        // It has one at most.
        let _ = self.source.set(source);
    }

    /// Registers a lock of another table under its name.
    pub(crate) fn register(&self, lock: &Arc<NamedLock<V>>) {
        let mut names = self.names();
        names
            .locks
            .insert(lock.name().clone(), Arc::downgrade(lock));
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
    /// The limits on waiting for its locks.
    pub(crate) fn limits(&self) -> WaitLimits {
        *self.limits.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells tables apart.
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

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
        Table::limits(self)
    }
}

impl<V> Names<V> {
    fn known(&self, key: &Key) -> Option<Arc<NamedLock<V>>> {
        self.locks.get(key).and_then(Weak::upgrade)
    }

    fn keyed_table(&self, key: &Key) -> Option<Arc<Table<V>>> {
        let mut keyed = self.keyed.iter();
        let found = keyed.find(|(template, _)| template.matches(key.as_str()));
        found.map(|(_, table)| Arc::clone(table))
    }
}
