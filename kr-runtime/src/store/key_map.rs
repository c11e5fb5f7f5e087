//! One value for each key, with the key's lock, for as long as it is in use or persistent.

use super::usage::LastUse;
use crate::lock::{self, Key, Lock, LockOwner, WaitLimits};
use crate::sync::timer::{Timed, TimerId};
use crate::sync::{Mutex, MutexGuard};
use std::any::Any;
use std::borrow::Borrow;
use std::collections::HashSet;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
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

/// A value that has the lock of its key as a part.
pub(crate) trait HasKeyLock: Send + Sync + 'static {
    /// What its lock guards.
    type Guarded: Send + 'static;

    /// What the values of all keys have in common.
    type Common: Send + Sync + ?Sized;

    fn lock(&self) -> &Lock<Self::Guarded>;

    /// The name of the lock of that key.
    fn lock_key(common: &Self::Common, key: &dyn Any) -> Key;

    /// The limits on waiting for it.
    fn lock_limits(common: &Self::Common) -> WaitLimits;

    /// Nobody has the value any more.
    fn on_drop(&self, _common: &Self::Common) {}
}

/// How many references there are to an entry, whether it stays without any, and whether its value can be used. One number,
/// so that whoever drops the last reference sees the first two.
struct Uses(AtomicUsize);

/// The entry is persistent.
const PERSISTENT: usize = 1;

/// Its value cannot be used yet.
const NOT_READY: usize = 2;

/// One reference to it.
const REFERENCE: usize = 4;

/// A reference to the value of a key, which keeps it in the map.
pub(crate) struct EntryRef<V: HasKeyLock>(Option<Arc<dyn AnyEntry<V>>>);

/// A reference to the value of a key that does not keep it in the map.
pub(crate) struct WeakEntryRef<V: HasKeyLock>(Option<Weak<dyn AnyEntry<V>>>);

/// An entry, whatever its key's type is.
trait AnyEntry<V: HasKeyLock>: Send + Sync {
    fn value(&self) -> &V;
    fn common(&self) -> &V::Common;
    fn key(&self) -> &dyn Any;
    fn uses(&self) -> &Uses;
    fn revive(self: Arc<Self>) -> Option<EntryRef<V>>;
    fn last_use(&self) -> &LastUse;
    fn release(self: Arc<Self>);
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
            return (EntryRef::new(entry), false);
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
        let reference = EntryRef::new(&entry);
        entries.insert(ByKey(entry));
        (reference, true)
    }

    /// The value of a key, if there is one.
    pub(crate) fn get(&self, key: &K) -> Option<EntryRef<V>> {
        let entries = self.shard(key);
        let ByKey(entry) = entries.get(key)?;
        entry.last_use.set_now();
        Some(EntryRef::new(entry))
    }

    /// As [`get`](Self::get), which is no use of the value.
    pub(crate) fn peek(&self, key: &K) -> Option<EntryRef<V>> {
        let entries = self.shard(key);
        let entry = entries.get(key);
        entry.map(|ByKey(entry)| EntryRef::new(entry))
    }

    /// All values, persistent or not.
    pub(crate) fn all(&self) -> Vec<EntryRef<V>> {
        let mut all = Vec::new();
        for shard in &self.shards {
            let entries = guard(shard);
            all.extend(entries.iter().map(|ByKey(entry)| EntryRef::new(entry)));
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
            selected.extend(wanted.map(|ByKey(entry)| EntryRef::new(entry)));
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

impl Uses {
    fn new(is_ready: bool) -> Self {
        Self(AtomicUsize::new(if is_ready { 0 } else { NOT_READY }))
    }

    fn add(&self) {
        self.0.fetch_add(REFERENCE, Ordering::Relaxed);
    }

    /// A reference is gone. Returns whether it was the last one to an entry that is not persistent.
    fn end(&self) -> bool {
        // Earlier users have said by now whether it is persistent.
        self.0.fetch_sub(REFERENCE, Ordering::AcqRel) & !NOT_READY == REFERENCE
    }

    fn is_persistent(&self) -> bool {
        self.0.load(Ordering::Relaxed) & PERSISTENT != 0
    }

    fn set_persistent(&self, is_persistent: bool) {
        match is_persistent {
            true => self.0.fetch_or(PERSISTENT, Ordering::Relaxed),
            false => self.0.fetch_and(!PERSISTENT, Ordering::Relaxed),
        };
    }

    fn are_several(&self) -> bool {
        self.0.load(Ordering::Acquire) / REFERENCE > 1
    }

    /// Whether the entry can be removed.
    fn are_over(&self) -> bool {
        self.0.load(Ordering::Acquire) & !NOT_READY == 0
    }

    #[inline]
    fn are_ready(&self) -> bool {
        self.0.load(Ordering::Acquire) & NOT_READY == 0
    }

    fn set_ready(&self) {
        self.0.fetch_and(!NOT_READY, Ordering::Release);
    }
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
        Arc::ptr_eq(known, &self).then(|| EntryRef::new(known))
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

impl<V: HasKeyLock> EntryRef<V> {
    /// To be called under the mutex of the entry's shard.
    fn new<K>(entry: &Arc<Entry<K, V>>) -> Self
    where
        K: Clone + Eq + Hash + Send + Sync + 'static,
    {
        entry.uses.add();
        let entry: Arc<Entry<K, V>> = Arc::clone(entry);
        Self(Some(entry))
    }
}

impl<V: HasKeyLock> EntryRef<V> {
    /// Says whether the value stays in the map when nobody refers to it. Called under the mutex of its lock only. Returns
    /// whether it was otherwise before.
    pub(crate) fn set_persistent(&self, is_persistent: bool) -> bool {
        let uses = self.entry().uses();
        let is_change = uses.is_persistent() != is_persistent;
        if is_change {
            uses.set_persistent(is_persistent);
        }
        is_change
    }

    /// Whether the value can be used.
    #[inline]
    pub(crate) fn is_ready(&self) -> bool {
        self.entry().uses().are_ready()
    }

    /// The value can be used from now on.
    pub(crate) fn set_ready(&self) {
        self.entry().uses().set_ready();
    }

    /// A reference that does not keep the value in the map.
    pub(crate) fn downgrade(&self) -> WeakEntryRef<V> {
        WeakEntryRef(self.0.as_ref().map(Arc::downgrade))
    }

    /// Whether there are other references to the value.
    pub(crate) fn is_shared(&self) -> bool {
        self.entry().uses().are_several()
    }

    /// Where the clock stood when the value was last used.
    pub(crate) fn last_use(&self) -> u64 {
        self.entry().last_use().get()
    }

    /// The key that the value belongs to.
    pub(crate) fn key(&self) -> &dyn Any {
        self.entry().key()
    }

    /// What the values of all keys have in common.
    pub(crate) fn common(&self) -> &V::Common {
        self.entry().common()
    }

    fn entry(&self) -> &dyn AnyEntry<V> {
        self.0
            .as_deref()
            .expect("a reference has its entry until it is dropped")
    }
}

impl<V: HasKeyLock> WeakEntryRef<V> {
    /// `None` if the value is not in the map any more.
    pub(crate) fn upgrade(&self) -> Option<EntryRef<V>> {
        self.0.as_ref()?.upgrade()?.revive()
    }
}

impl<V: HasKeyLock> Clone for WeakEntryRef<V> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<V: HasKeyLock> Clone for EntryRef<V> {
    fn clone(&self) -> Self {
        self.entry().uses().add();
        Self(self.0.clone())
    }
}

impl<V: HasKeyLock> Deref for EntryRef<V> {
    type Target = V;

    fn deref(&self) -> &V {
        self.entry().value()
    }
}

impl<V: HasKeyLock> Drop for EntryRef<V> {
    fn drop(&mut self) {
        if let Some(entry) = self.0.take() {
            entry.release();
        }
    }
}
