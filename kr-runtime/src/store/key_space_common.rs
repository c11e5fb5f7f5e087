//! What the instances of a key space share.

use super::StateLocks;
use super::backend::StoreCore;
use super::instance::AnyCommon;
use super::key_index::KeyIndex;
use super::stored::{RowAddress, Schema};
use super::usage::Usage;
use super::version::{Value, Values};
use crate::lock::{Key, LockKey, StoredKeyWriter, Template};
use std::any::Any;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// What the instances of a key space share.
pub(super) struct Common<K> {
    /// The form of the names of their locks.
    pub(super) template: Template,
    /// The locks of the instances, by name.
    pub(super) locks: Arc<StateLocks>,
    /// The initial values of an instance's states, each at its index.
    pub(super) initial: RwLock<Vec<InitialValue<K>>>,
    /// The last revision of any instance that is gone: new ones go on from there, so that the revision of a removed
    /// instance never names a value of its successor.
    pub(super) last_revision: AtomicU64,
    /// The keys of the instances that are committed.
    pub(super) index: KeyIndex<K>,
    /// If unused instances are removed.
    pub(super) usage: OnceLock<Usage<K>>,
    /// What keeps the instances, unless they are in memory only.
    pub(super) store: OnceLock<Arc<StoreCore>>,
    /// How the states are kept.
    pub(super) schema: Arc<Schema>,
    /// The name of their rows' space.
    pub(super) space: Arc<str>,
    /// How many instances are in memory that a store has kept.
    pub(super) loaded: AtomicUsize,
    /// Whether a thread looks after instances that nobody uses.
    pub(super) has_eviction: AtomicBool,
}

/// Makes the initial value of an instance.
pub(crate) type InitialValue<K> = Arc<dyn Fn(&K) -> Value + Send + Sync>;

impl<K> Common<K> {
    /// Whether a store has the instances, and memory only those in use.
    pub(super) fn is_read(&self) -> bool {
        self.store
            .get()
            .is_some_and(|store| store.reading.is_some())
    }

    pub(super) fn read(&self) -> std::sync::RwLockReadGuard<'_, Vec<InitialValue<K>>> {
        self.initial.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: LockKey> Common<K> {
    pub(super) fn lock_name(&self, key: &K) -> Key {
        self.template.format(|name| key.write_to(name))
    }
}

impl<K: LockKey> AnyCommon for Common<K> {
    fn state_count(&self) -> usize {
        self.read().len()
    }

    fn initial_values(&self, key: &dyn Any) -> Values {
        // Cloned first: the functions are the user's, and must not run under the lock.
        let initial = self.read().clone();
        initial
            .iter()
            .map(|initial| initial(of_type(key)))
            .collect()
    }

    fn last_revision(&self) -> &AtomicU64 {
        &self.last_revision
    }

    fn set_listed(&self, key: &dyn Any, is_listed: bool) {
        let key: &K = of_type(key);
        let count = match self.is_read() {
            true if is_listed => self.loaded.fetch_add(1, Ordering::Relaxed) + 1,
            true => self.loaded.fetch_sub(1, Ordering::Relaxed) - 1,
            false => {
                self.index.set(key, is_listed);
                self.index.len()
            }
        };
        if is_listed && let Some(usage) = self.usage.get() {
            usage.add(key.clone(), count);
        }
    }

    fn lock_key(&self, key: &dyn Any) -> Key {
        self.lock_name(of_type(key))
    }

    fn locks(&self) -> &Arc<StateLocks> {
        &self.locks
    }

    fn store(&self) -> Option<&Arc<StoreCore>> {
        self.store.get()
    }

    fn row_address(&self, key: &dyn Any) -> RowAddress {
        let key: &K = of_type(key);
        RowAddress {
            space: Arc::clone(&self.space),
            key: StoredKeyWriter::bytes(|writer| key.write_stored(writer)),
        }
    }

    fn change_bytes(&self, before: usize, after: usize) {
        let Some(reading) = self.store.get().and_then(|store| store.reading.as_ref()) else {
            return;
        };
        reading.budget.change(before, after);
        if after > before
            && reading.budget.is_exceeded()
            && let Some(usage) = self.usage.get()
        {
            usage.wake().wake();
        }
    }
}

/// The compiler has compared the key's type with the handler's argument.
pub(super) fn of_type<K: 'static>(key: &dyn Any) -> &K {
    key.downcast_ref().expect("a key space's own type of key")
}
