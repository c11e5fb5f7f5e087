//! Keyed states: the states of one lock template, with an instance for each key.

use super::availability::Availability;
use super::backend::StoreCore;
use super::chain::Chain;
use super::entry_ref::EntryRef;
use super::group::{GroupLock, LockGroup};
use super::instance::{AnyCommon, Instance};
use super::key_index::KeyIndex;
use super::key_map::KeyMap;
use super::key_space_common::{Common, InitialValue, of_type};
use super::stored::Schema;
use super::usage::{InstanceLimits, Usage};
use super::version::Value;
use super::{ReadError, StateLock, StateLocks};
use crate::lock::{
    Key, LockHandle, LockKey, LockOwner, LockSource, StoredKeyWriter, Table, Template,
};
use std::any::Any;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, Weak};
use std::thread;

/// The most bytes of a key that stores keep: what every engine takes in an index, with a space beside it.
const LONGEST_KEY: usize = 400;

/// The states of one lock template: an instance for each key that is in use or has a commit.
pub(crate) struct KeySpace<K> {
    map: Arc<KeyMap<K, Instance>>,
    pub(super) common: Arc<Common<K>>,
}

/// What a store has to be asked for.
pub(crate) type StoreFuture<T> = Pin<Box<dyn Future<Output = Result<T, ReadError>> + Send>>;

/// A key space, whatever the key's type is.
pub(crate) trait AnyKeySpace: Send + Sync {
    /// The instance of a key, which is made if there is none.
    fn instance_of(&self, key: &dyn Any) -> EntryRef<Instance>;

    /// The locks of the instances, by name.
    fn locks(&self) -> &Arc<StateLocks>;

    /// The form of their names.
    fn template(&self) -> &Template;

    /// All instances.
    fn instances(self: Arc<Self>) -> StoreFuture<Vec<EntryRef<Instance>>>;

    /// How many instances there are.
    fn count(self: Arc<Self>) -> StoreFuture<usize>;

    /// Says which store keeps the instances from now on. Returns whether that is so.
    ///
    /// # Errors
    /// Why the store cannot be read.
    fn attach(&self, store: &Arc<StoreCore>) -> Result<bool, String>;

    /// How the states are kept.
    fn schema(&self) -> &Schema;

    /// Where its commits are written; `None` if memory has them alone.
    #[cfg(feature = "operations")]
    fn journal(&self) -> Option<Arc<super::journal::Journal>>;
}

impl<K: LockKey> KeySpace<K> {
    pub(crate) fn new(template: &str) -> Arc<Self> {
        // More shards than threads, so that two of them seldom meet.
        let threads = thread::available_parallelism().map_or(4, usize::from);
        let template = Template::new(template);
        let common = Arc::new(Common {
            space: Arc::from(template.to_string()),
            template,
            locks: Table::new(),
            initial: RwLock::default(),
            last_revision: AtomicU64::new(0),
            index: KeyIndex::new(),
            usage: OnceLock::new(),
            store: OnceLock::new(),
            schema: Arc::default(),
            loaded: AtomicUsize::new(0),
            has_eviction: AtomicBool::new(false),
        });
        let key_space = Arc::new(Self {
            map: KeyMap::new(threads * 4, Arc::clone(&common) as Arc<dyn AnyCommon>),
            common,
        });
        if K::IS_READABLE {
            let source: Weak<Self> = Arc::downgrade(&key_space);
            key_space.common.locks.set_source(source);
        }
        key_space
    }

    /// Adds a state to the instances that there will be. Returns its index in them.
    pub(crate) fn add_state(&self, initial: InitialValue<K>) -> usize {
        let mut states = self
            .common
            .initial
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        states.push(initial);
        states.len() - 1
    }

    /// The instance of a key, which is made if there is none.
    pub(crate) fn get_or_create(&self, key: &K) -> EntryRef<Instance> {
        let make = |owner| self.make(key, owner);
        let (instance, is_new) = self.map.get_or_create(key, make);
        if is_new && !instance.is_ready() {
            instance.start_loading();
        }
        instance
    }

    /// An instance, and whether its values are known.
    fn make(&self, key: &K, owner: Weak<dyn LockOwner>) -> (Instance, bool) {
        let locks = &self.common.locks;
        let name = || self.lock_name(key);
        let group = LockGroup::new(match K::IS_READABLE {
            true => GroupLock::Part(StateLock::part_of(owner, name, locks.id())),
            // Nothing but a table finds the key of a name.
            false => GroupLock::Named(locks.get_own(name())),
        });
        let mut chain = group.chain();
        let last_revision = self.common.last_revision.load(Ordering::Acquire);
        if last_revision > 0 {
            chain.start_at(last_revision);
        }
        let mut is_ready = true;
        if let Some(store) = self.common.store.get() {
            chain.attach(&store.journal, &self.common.schema);
            let length = self.stored_key(key).len();
            if length > LONGEST_KEY {
                chain.availability = Availability::KeyTooLong(length);
            } else if store.reading.is_some() && !chain.is_shared() {
                // What a shared store has is loaded each time.
                chain.availability = Availability::Loading;
                is_ready = false;
            }
        }
        drop(chain);
        (Instance { group }, is_ready)
    }

    /// The instance of a key, if it is in memory.
    pub(crate) fn get(&self, key: &K) -> Option<EntryRef<Instance>> {
        self.map.get(key)
    }

    /// The instance of a key, if it is in memory or may be in the store.
    pub(crate) fn find(&self, key: &K) -> Option<EntryRef<Instance>> {
        match self.common.is_read() {
            true => Some(self.get_or_create(key)),
            false => self.get(key),
        }
    }

    /// As [`get`](Self::get), which is no use of the instance.
    pub(crate) fn peek(&self, key: &K) -> Option<EntryRef<Instance>> {
        self.map.peek(key)
    }

    /// Sets limits beside those that there are.
    pub(crate) fn limit(&self, limits: InstanceLimits) {
        let mut is_first = false;
        let usage = self.common.usage.get_or_init(|| {
            is_first = true;
            Usage::new()
        });
        usage.limit(limits);
        if is_first {
            let keys = self.common.index.all();
            let count = keys.len();
            keys.into_iter().for_each(|key| usage.add(key, count));
        }
    }

    /// Whether the caller is to look after instances that nobody uses, from now on.
    pub(crate) fn claim_eviction(&self) -> bool {
        !self.common.has_eviction.swap(true, Ordering::AcqRel)
    }

    /// Which instances were used least recently, if unused ones are removed.
    pub(crate) fn usage(&self) -> Option<&Usage<K>> {
        self.common.usage.get()
    }

    /// How many persistent instances there are in memory.
    pub(crate) fn len(&self) -> usize {
        match self.common.is_read() {
            true => self.common.loaded.load(Ordering::Relaxed),
            false => self.common.index.len(),
        }
    }

    /// Whether instances are to leave memory, which keeps more of them than it should.
    pub(crate) fn is_over_budget(&self) -> bool {
        let reading = self
            .common
            .store
            .get()
            .and_then(|store| store.reading.as_ref());
        reading.is_some_and(|reading| reading.budget.is_exceeded())
    }

    /// How the states are kept.
    pub(super) fn schema_of_rows(&self) -> &Schema {
        &self.common.schema
    }

    /// A key as a store keeps it.
    pub(super) fn stored_key(&self, key: &K) -> Vec<u8> {
        StoredKeyWriter::bytes(|writer| key.write_stored(writer))
    }

    /// The name of a key's lock.
    pub(crate) fn lock_name(&self, key: &K) -> Key {
        self.common.lock_name(key)
    }

    /// The initial value of one of its states under a key.
    pub(crate) fn initial_value(&self, key: &K, index: usize) -> Value {
        let initial = Arc::clone(&self.common.read()[index]);
        initial(key)
    }
}

impl<K: LockKey> AnyKeySpace for KeySpace<K> {
    fn instance_of(&self, key: &dyn Any) -> EntryRef<Instance> {
        self.get_or_create(of_type(key))
    }

    fn locks(&self) -> &Arc<StateLocks> {
        &self.common.locks
    }

    fn template(&self) -> &Template {
        &self.common.template
    }

    fn instances(self: Arc<Self>) -> StoreFuture<Vec<EntryRef<Instance>>> {
        Box::pin(async move {
            let keys = self.all_keys().await?;
            Ok(keys.iter().filter_map(|key| self.find(key)).collect())
        })
    }

    fn count(self: Arc<Self>) -> StoreFuture<usize> {
        Box::pin(async move { KeySpace::count(&self).await })
    }

    fn attach(&self, store: &Arc<StoreCore>) -> Result<bool, String> {
        let common = &self.common;
        let own = common.store.get_or_init(|| Arc::clone(store));
        if !Arc::ptr_eq(own, store) {
            return Ok(false);
        }
        if let Some(snapshot) = store.journal.snapshot() {
            let info = snapshot?.space(&common.space)?;
            common
                .last_revision
                .fetch_max(info.last_removed, Ordering::AcqRel);
            common.usage.get_or_init(Usage::new);
        }
        // Instances that are made from now on have it; those that there are get it here.
        let mut instances = self.map.all().into_iter();
        Ok(instances.all(|instance| {
            let mut chain = instance.group.chain();
            chain.attach(&store.journal, &common.schema)
        }))
    }

    fn schema(&self) -> &Schema {
        &self.common.schema
    }

    #[cfg(feature = "operations")]
    fn journal(&self) -> Option<Arc<super::journal::Journal>> {
        let store = self.common.store.get()?;
        Some(Arc::clone(&store.journal))
    }
}

impl<K: LockKey> LockSource<Chain> for KeySpace<K> {
    fn find(&self, name: &Key) -> Option<LockHandle<Chain>> {
        let key = self.common.template.read(name.as_str(), K::read_from)?;
        (self.lock_name(&key) == *name).then(|| part(self.get_or_create(&key)))
    }

    fn locks(&self) -> Vec<LockHandle<Chain>> {
        self.map.all().into_iter().map(part).collect()
    }

    #[cfg(feature = "operations")]
    fn busy(&self) -> (usize, Vec<LockHandle<Chain>>) {
        // Whoever has the mutex of a lock may want that of the shard.
        let (count, mut busy) = self.map.select(|it| it.group.lock.may_be_busy());
        busy.retain(|it| it.group.lock.is_busy());
        (count, busy.into_iter().map(part).collect())
    }

    #[cfg(feature = "operations")]
    fn named(&self, search: &str, most: usize) -> (usize, Vec<LockHandle<Chain>>) {
        let mut keys = match search.is_empty() && !self.common.is_read() {
            true => self.common.index.page(None, most),
            false => self.map.keys(),
        };
        let count = match search.is_empty() {
            true => self.map.len(),
            false => {
                // Nobody waits while names are made.
                keys.retain(|key| self.lock_name(key).as_str().contains(search));
                keys.len()
            }
        };
        if keys.len() > most {
            keys.select_nth_unstable_by(most, LockKey::compare);
            keys.truncate(most);
        }
        let locks = keys.iter().filter_map(|key| self.peek(key));
        (count, locks.map(part).collect())
    }
}

fn part(instance: EntryRef<Instance>) -> LockHandle<Chain> {
    LockHandle::Part(Arc::new(instance))
}
