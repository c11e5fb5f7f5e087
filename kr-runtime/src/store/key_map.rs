//! One value for each key, with the key's lock, for as long as it is in use or persistent.

use super::entry_ref::{AnyEntry, EntryRef, HasKeyLock};
use super::entry_uses::Uses;
use super::usage::LastUse;
use crate::lock::{self, Key, LockOwner, WaitLimits};
use crate::sync::timer::{Timed, TimerId};
use crate::sync::{Mutex, MutexGuard};
use std::any::Any;
use std::borrow::Borrow;
use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::{Arc, PoisonError, Weak};
use std::time::Instant;

/// One value for each key.
///
/// A user gets a reference under the mutex of the key's shard. Dropping the last reference removes an entry that is not
/// persistent, under the same mutex, so no key ever has two.
pub(crate) struct KeyMap<K, V: HasKeyLock> {
    shared: Arc<Shared<K, V>>,
    shards: Box<[Shard<K, V>]>,
    hasher: RandomState,
}

type Shard<K, V> = Mutex<Entries<K, V>>;
type Entries<K, V> = HashSet<ByKey<K, V>>;

/// An entry, found by its key. A map would hold each key once more.
struct ByKey<K, V: HasKeyLock>(Arc<Entry<K, V>>);

/// What the entries of a map refer to.
struct Shared<K, V: HasKeyLock> {
    map: Weak<KeyMap<K, V>>,
    common: Arc<V::Common>,
}

/// The value of one key.
struct Entry<K, V: HasKeyLock> {
    shared: Arc<Shared<K, V>>,
    key: K,
    uses: Uses,
    last_use: LastUse,
    value: V,
}

impl<K, V> KeyMap<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: HasKeyLock,
{
    /// A power of two of shards, so that two keys seldom meet at one mutex.
    pub(crate) fn new(shards: usize, common: Arc<V::Common>) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            shared: Arc::new(Shared {
                map: Weak::clone(me),
                common,
            }),
            shards: (0..shards.next_power_of_two())
                .map(|_| Mutex::default())
                .collect(),
            hasher: RandomState::new(),
        })
    }

    /// The value of a key, which is made if there is none. `make` gets what the value's lock is a part of, and says whether
    /// the value can be used at once. Returns whether it was made.
    pub(crate) fn get_or_create(
        &self,
        key: &K,
        make: impl FnOnce(Weak<dyn LockOwner>) -> (V, bool),
    ) -> (EntryRef<V>, bool) {
        let mut entries = self.shard(key);
        if let Some(ByKey(entry)) = entries.get(key) {
            entry.last_use.set_now();
            return (reference(entry), false);
        }
        let entry = Arc::new_cyclic(|me| {
            let owner: Weak<Entry<K, V>> = Weak::clone(me);
            let (value, is_ready) = make(owner);
            Entry {
                shared: Arc::clone(&self.shared),
                key: key.clone(),
                uses: Uses::new(is_ready),
                last_use: LastUse::default(),
                value,
            }
        });
        let reference = reference(&entry);
        entries.insert(ByKey(entry));
        (reference, true)
    }

    /// The value of a key, if there is one.
    pub(crate) fn get(&self, key: &K) -> Option<EntryRef<V>> {
        let entries = self.shard(key);
        let ByKey(entry) = entries.get(key)?;
        entry.last_use.set_now();
        Some(reference(entry))
    }

    /// As [`get`](Self::get), which is no use of the value.
    pub(crate) fn peek(&self, key: &K) -> Option<EntryRef<V>> {
        let entries = self.shard(key);
        let entry = entries.get(key);
        entry.map(|ByKey(entry)| reference(entry))
    }

    /// All values, persistent or not.
    pub(crate) fn all(&self) -> Vec<EntryRef<V>> {
        let mut all = Vec::new();
        for shard in &self.shards {
            let entries = guard(shard);
            all.extend(entries.iter().map(|ByKey(entry)| reference(entry)));
        }
        all
    }

    /// How many values there are, and those that are wanted. Nothing else is touched, and each shard is free in between.
    #[allow(dead_code, reason = "not every build has somebody who looks")]
    pub(crate) fn select(&self, is_wanted: impl Fn(&V) -> bool) -> (usize, Vec<EntryRef<V>>) {
        let (mut count, mut selected) = (0, Vec::new());
        for shard in &self.shards {
            let entries = guard(shard);
            count += entries.len();
            let wanted = entries
                .iter()
                .filter(|ByKey(entry)| is_wanted(&entry.value));
            selected.extend(wanted.map(|ByKey(entry)| reference(entry)));
        }
        (count, selected)
    }

    /// The keys of all values.
    #[allow(dead_code, reason = "not every build has somebody who looks")]
    pub(crate) fn keys(&self) -> Vec<K> {
        let mut keys = Vec::new();
        for shard in &self.shards {
            keys.extend(guard(shard).iter().map(|ByKey(entry)| entry.key.clone()));
        }
        keys
    }

    /// How many values there are.
    #[allow(dead_code, reason = "not every build has somebody who looks")]
    pub(crate) fn len(&self) -> usize {
        self.shards.iter().map(|shard| guard(shard).len()).sum()
    }

    fn shard(&self, key: &K) -> MutexGuard<'_, Entries<K, V>> {
        // The table inside a shard uses the other bits.
        let hash = self.hasher.hash_one(key) as usize;
        guard(&self.shards[hash & (self.shards.len() - 1)])
    }

    /// Removes an entry, unless it is persistent or in use again.
    fn collect(&self, entry: &Arc<Entry<K, V>>) {
        let mut entries = self.shard(&entry.key);
        let known = entries.get(&entry.key);
        let is_idle =
            known.is_some_and(|ByKey(known)| Arc::ptr_eq(known, entry) && known.uses.are_over());
        let gone = is_idle.then(|| entries.take(&entry.key));
        shrink(&mut entries);
        drop(entries);
        // The value is dropped outside the mutex.
        drop(gone);
    }
}

/// Gives the memory of many removed entries back.
fn shrink<E: Eq + Hash>(entries: &mut HashSet<E>) {
    if entries.capacity() > 64 && entries.len() < entries.capacity() / 8 {
        entries.shrink_to(entries.len() * 2);
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K, V: HasKeyLock> Borrow<K> for ByKey<K, V> {
    fn borrow(&self) -> &K {
        &self.0.key
    }
}

impl<K: Hash, V: HasKeyLock> Hash for ByKey<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.key.hash(state);
    }
}

impl<K: PartialEq, V: HasKeyLock> PartialEq for ByKey<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.0.key == other.0.key
    }
}

impl<K: Eq, V: HasKeyLock> Eq for ByKey<K, V> {}

/// A reference to an entry. To be called under the mutex of its shard.
fn reference<K, V>(entry: &Arc<Entry<K, V>>) -> EntryRef<V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: HasKeyLock,
{
    let entry: Arc<Entry<K, V>> = Arc::clone(entry);
    EntryRef::new(entry)
}

impl<K, V> Timed for Entry<K, V>
where
    K: Send + Sync + 'static,
    V: HasKeyLock,
{
    fn fire(self: Arc<Self>, timer: TimerId, now: Instant) {
        lock::time_out(self, |entry| entry.value.lock(), timer, now);
    }
}

impl<K, V> LockOwner for Entry<K, V>
where
    K: Send + Sync + 'static,
    V: HasKeyLock,
{
    fn lock_key(&self) -> Key {
        V::lock_key(&self.shared.common, &self.key)
    }

    fn lock_limits(&self) -> WaitLimits {
        V::lock_limits(&self.shared.common)
    }
}

impl<K, V: HasKeyLock> Drop for Entry<K, V> {
    fn drop(&mut self) {
        self.value.on_drop(&self.shared.common);
    }
}

impl<K, V> AnyEntry<V> for Entry<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: HasKeyLock,
{
    fn value(&self) -> &V {
        &self.value
    }

    fn common(&self) -> &V::Common {
        &self.shared.common
    }

    fn key(&self) -> &dyn Any {
        &self.key
    }

    fn uses(&self) -> &Uses {
        &self.uses
    }

    fn revive(self: Arc<Self>) -> Option<EntryRef<V>> {
        let map = self.shared.map.upgrade()?;
        let entries = map.shard(&self.key);
        let ByKey(known) = entries.get(&self.key)?;
        Arc::ptr_eq(known, &self).then(|| reference(known))
    }

    fn last_use(&self) -> &LastUse {
        &self.last_use
    }

    fn release(self: Arc<Self>) {
        if self.uses.end()
            && let Some(map) = self.shared.map.upgrade()
        {
            map.collect(&self);
        }
    }
}
