//! Keyed states: the states of one lock template, with an instance for each key.

use super::chain::Chain;
use super::group::{GroupLock, LockGroup};
use super::journal::Journal;
use super::key_index::KeyIndex;
use super::key_map::{EntryRef, HasKeyLock, KeyMap};
use super::usage::{InstanceLimits, Usage};
use super::version::{Value, Values};
use super::{StateLock, StateLocks};
use crate::lock::{Key, LockHandle, LockKey, LockOwner, LockSource, Table, Template, WaitLimits};
use std::any::Any;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock, Weak};
use std::thread;

/// The states of one lock template: an instance for each key that is in use or has a commit.
pub(crate) struct KeySpace<K> {
    map: Arc<KeyMap<K, Instance>>,
    common: Arc<Common<K>>,
}

/// What the instances of a key space share.
struct Common<K> {
    /// The form of the names of their locks.
    template: Template,
    /// The locks of the instances, by name.
    locks: Arc<StateLocks>,
    /// The initial values of an instance's states, each at its index.
    initial: RwLock<Vec<InitialValue<K>>>,
    /// The last revision of any instance that is gone: new ones go on from there, so that the revision of a removed
    /// instance never names a value of its successor.
    last_revision: AtomicU64,
    /// The keys of the instances that are committed.
    index: KeyIndex<K>,
    /// If unused instances are removed.
    usage: OnceLock<Usage<K>>,
    /// Where commits go that are not durable at once.
    journal: OnceLock<Arc<Journal>>,
}

/// Makes the initial value of an instance.
pub(crate) type InitialValue<K> = Arc<dyn Fn(&K) -> Value + Send + Sync>;

/// What all states of a template are under one key.
pub(crate) struct Instance {
    group: LockGroup,
}

/// What the instances of a key space share, whatever the key's type is.
pub(crate) trait AnyCommon: Send + Sync {
    fn state_count(&self) -> usize;
    fn initial_values(&self, key: &dyn Any) -> Values;
    fn last_revision(&self) -> &AtomicU64;
    fn set_listed(&self, key: &dyn Any, is_listed: bool);
    fn lock_key(&self, key: &dyn Any) -> Key;
    fn locks(&self) -> &Arc<StateLocks>;
}

/// A key space, whatever the key's type is.
pub(crate) trait AnyKeySpace: Send + Sync {
    /// The instance of a key, which is made if there is none.
    fn instance_of(&self, key: &dyn Any) -> EntryRef<Instance>;

    /// The locks of the instances, by name.
    fn locks(&self) -> &Arc<StateLocks>;

    /// The form of their names.
    fn template(&self) -> &Template;

    /// All persistent instances.
    fn instances(&self) -> Vec<EntryRef<Instance>>;

    /// Says which store writes the commits from now on. Returns whether that is so.
    fn attach(&self, journal: &Arc<Journal>) -> bool;
}

impl<K: LockKey> KeySpace<K> {
    pub(crate) fn new(template: &str) -> Arc<Self> {
        // More shards than threads, so that two of them seldom meet.
        let threads = thread::available_parallelism().map_or(4, usize::from);
        let common = Arc::new(Common {
            template: Template::new(template),
            locks: Table::new(),
            initial: RwLock::default(),
            last_revision: AtomicU64::new(0),
            index: KeyIndex::new(),
            usage: OnceLock::new(),
            journal: OnceLock::new(),
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
        self.map.get_or_create(key, |owner| self.make(key, owner))
    }

    fn make(&self, key: &K, owner: Weak<dyn LockOwner>) -> Instance {
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
        if let Some(journal) = self.common.journal.get() {
            chain.attach(journal);
        }
        drop(chain);
        Instance { group }
    }

    /// The instance of a key, if it is in memory.
    pub(crate) fn get(&self, key: &K) -> Option<EntryRef<Instance>> {
        self.map.get(key)
    }

    /// As [`get`](Self::get), which is no use of the instance.
    pub(crate) fn peek(&self, key: &K) -> Option<EntryRef<Instance>> {
        self.map.peek(key)
    }

    /// Sets limits beside those that there are. Returns whether these are the first.
    pub(crate) fn limit(&self, limits: InstanceLimits) -> bool {
        let mut is_first = false;
        let usage = self.common.usage.get_or_init(|| {
            is_first = true;
            Usage::new()
        });
        usage.limit(limits);
        if is_first {
            let keys = self.keys();
            let count = keys.len();
            keys.into_iter().for_each(|key| usage.add(key, count));
        }
        is_first
    }

    /// Which instances were used least recently, if unused ones are removed.
    pub(crate) fn usage(&self) -> Option<&Usage<K>> {
        self.common.usage.get()
    }

    /// The keys of all persistent instances, in order.
    pub(crate) fn keys(&self) -> Vec<K> {
        self.page(None, usize::MAX)
    }

    /// The keys of the persistent instances behind this key, or from the first, in order.
    pub(crate) fn page(&self, after: Option<&K>, limit: usize) -> Vec<K> {
        self.common.index.page(after, limit)
    }

    /// How many persistent instances there are.
    pub(crate) fn len(&self) -> usize {
        self.common.index.len()
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

impl<K> Common<K> {
    fn read(&self) -> std::sync::RwLockReadGuard<'_, Vec<InitialValue<K>>> {
        self.initial.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: LockKey> Common<K> {
    fn lock_name(&self, key: &K) -> Key {
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
        self.index.set(key, is_listed);
        if is_listed && let Some(usage) = self.usage.get() {
            usage.add(key.clone(), self.index.len());
        }
    }

    fn lock_key(&self, key: &dyn Any) -> Key {
        self.lock_name(of_type(key))
    }

    fn locks(&self) -> &Arc<StateLocks> {
        &self.locks
    }
}

impl HasKeyLock for Instance {
    type Guarded = Chain;
    type Common = dyn AnyCommon;

    fn lock(&self) -> &StateLock {
        &self.group.lock
    }

    fn lock_key(common: &dyn AnyCommon, key: &dyn Any) -> Key {
        common.lock_key(key)
    }

    fn lock_limits(common: &dyn AnyCommon) -> WaitLimits {
        common.locks().limits()
    }
}

impl Instance {
    pub(crate) fn group(&self) -> &LockGroup {
        &self.group
    }
}

impl EntryRef<Instance> {
    /// Gives those states that have no value their initial ones.
    pub(crate) fn fill(&self) {
        let count = self.common().state_count();
        self.group().fill(count, || self.initial());
    }

    /// The initial values of all states.
    pub(crate) fn initial(&self) -> Values {
        self.common().initial_values(self.key())
    }

    /// Says whether the instance is among those that are listed.
    pub(crate) fn set_listed(&self, is_listed: bool) {
        self.common().set_listed(self.key(), is_listed);
    }

    /// No later instance may use that revision again.
    pub(crate) fn retire(&self, revision: u64) {
        let last_revision = self.common().last_revision();
        last_revision.fetch_max(revision, Ordering::AcqRel);
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

    fn instances(&self) -> Vec<EntryRef<Instance>> {
        let keys = self.map.keys();
        keys.iter().filter_map(|key| self.map.get(key)).collect()
    }

    fn attach(&self, journal: &Arc<Journal>) -> bool {
        let own = self.common.journal.get_or_init(|| Arc::clone(journal));
        // Instances that are made from now on have it; those that there are get it here.
        Arc::ptr_eq(own, journal)
            && self.map.all().iter().all(|instance| {
                let mut chain = instance.group.chain();
                chain.attach(journal)
            })
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
}

fn part(instance: EntryRef<Instance>) -> LockHandle<Chain> {
    LockHandle::Part(Arc::new(instance))
}

/// The compiler has compared the key's type with the handler's argument.
fn of_type<K: 'static>(key: &dyn Any) -> &K {
    key.downcast_ref().expect("a key space's own type of key")
}
