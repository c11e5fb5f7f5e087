//! Keyed states: those of one template live together, once for each key.

use crate::lock::lock_key::LockKey;
use crate::lock::{Key, LockError, Locks, Template};
use crate::state::shared::Kind;
use crate::store::key_map::{Entered, Pool};
use crate::store::lock_group::{Group, Slot, Slots};
use crate::transaction::access_plan::Guarded;
use std::any::Any;
use std::sync::{Arc, PoisonError, RwLock};
use std::thread;

/// The states of one template: an instance for each key that somebody uses or has committed a change to.
pub(crate) struct Family<K> {
    pub(crate) template: Template,
    /// The locks of the instances, by name.
    pub(crate) locks: Locks,
    pub(crate) pool: Arc<Pool<K, Instance>>,
    /// The first values of an instance's states, each at its place.
    seeds: Arc<Seeds<K>>,
}

struct Seeds<K>(RwLock<Vec<Seed<K>>>);

/// Makes the first value of an instance.
pub(crate) type Seed<K> = Arc<dyn Fn(&K) -> Slot + Send + Sync>;

/// What all of a template's states are under one key.
pub(crate) struct Instance {
    group: Group,
    seeds: Arc<dyn Seeding>,
}

/// Makes first values, whatever the key is made of.
trait Seeding: Send + Sync {
    fn len(&self) -> usize;
    fn seeds(&self, key: &dyn Any) -> Slots;
}

/// The instances of a template, whatever the key is made of.
pub(crate) trait Space: Send + Sync {
    /// Uses the instance of a key, which is made if there is none.
    fn enter_any(&self, key: &dyn Any) -> Entered<Instance>;

    /// The locks of the instances, by name.
    fn locks(&self) -> &Locks;

    /// The form of their names.
    fn template(&self) -> &Template;

    /// All instances that stay.
    fn all(&self) -> Vec<Entered<Instance>>;
}

/// A keyed state of a host, whatever its key is made of.
#[doc(hidden)]
#[expect(private_interfaces, reason = "nobody else implements it")]
pub trait Keyed: Send + Sync {
    /// What is known of it from its type.
    fn kind(&self) -> &Kind;

    /// Where its instances are, and its place in each.
    fn family(&self) -> Option<(Arc<dyn Space>, usize)>;

    /// As [`family`](Self::family), for those who have the same key.
    fn family_any(&self) -> Option<Arc<dyn Any + Send + Sync>>;

    /// Joins a family, or founds one. `None` if that one has keys of another type.
    fn settle(
        &self,
        family: Option<Arc<dyn Any + Send + Sync>>,
    ) -> Option<Arc<dyn Any + Send + Sync>>;
}

/// Brings the states of one template together.
pub(crate) fn settle_together(maps: &[&dyn Keyed]) -> Result<(), LockError> {
    let apart = || LockError::Apart {
        lock: maps[0].kind().lock.to_owned(),
        states: maps
            .iter()
            .map(|map| map.kind().name)
            .collect::<Vec<_>>()
            .join(", "),
    };
    let mut families: Vec<_> = maps.iter().filter_map(|map| map.family_any()).collect();
    families.dedup_by(|one, other| Arc::ptr_eq(one, other));
    if families.len() > 1 {
        return Err(apart());
    }
    let mut family = families.pop();
    for map in maps {
        family = Some(map.settle(family).ok_or_else(|| {
            LockError::Keys {
                lock: maps[0].kind().lock.to_owned(),
                states: maps
                    .iter()
                    .map(|map| map.kind().name)
                    .collect::<Vec<_>>()
                    .join(", "),
            }
        })?);
    }
    Ok(())
}

impl<K: LockKey> Family<K> {
    pub(crate) fn new(template: &str) -> Arc<Self> {
        // More shards than threads, so that two of them seldom meet.
        let threads = thread::available_parallelism().map_or(4, usize::from);
        Arc::new(Self {
            template: Template::new(template),
            locks: Locks::new(),
            pool: Pool::new(threads * 4),
            seeds: Arc::new(Seeds(RwLock::default())),
        })
    }

    /// Adds a state to the instances that there will be. Returns its place in them.
    pub(crate) fn join(&self, seed: Seed<K>) -> usize {
        let mut seeds = self.seeds.0.write().unwrap_or_else(PoisonError::into_inner);
        seeds.push(seed);
        seeds.len() - 1
    }

    /// Uses the instance of a key, which is made if there is none.
    pub(crate) fn enter(&self, key: &K) -> Entered<Instance> {
        self.pool.enter(key, || Instance {
            group: Group::new(self.locks.get(self.name(key))),
            seeds: Arc::clone(&self.seeds) as Arc<dyn Seeding>,
        })
    }

    /// The name of a key's lock.
    pub(crate) fn name(&self, key: &K) -> Key {
        self.template.fill(|text| key.write_to(text))
    }

    /// The first value of one of its states under a key.
    pub(crate) fn seed(&self, key: &K, slot: usize) -> Slot {
        let seeds = self.seeds.0.read().unwrap_or_else(PoisonError::into_inner);
        let seed = Arc::clone(&seeds[slot]);
        drop(seeds);
        seed(key)
    }
}

impl<K: LockKey> Seeding for Seeds<K> {
    fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn seeds(&self, key: &dyn Any) -> Slots {
        let seeds = self
            .0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        seeds.iter().map(|seed| seed(of_type(key))).collect()
    }
}

impl<K: LockKey> Space for Family<K> {
    fn enter_any(&self, key: &dyn Any) -> Entered<Instance> {
        self.enter(of_type(key))
    }

    fn locks(&self) -> &Locks {
        &self.locks
    }

    fn template(&self) -> &Template {
        &self.template
    }

    fn all(&self) -> Vec<Entered<Instance>> {
        let keys = self.pool.keys();
        keys.iter().filter_map(|key| self.pool.find(key)).collect()
    }
}

/// The compiler has compared the key's type with the handler's argument.
fn of_type<K: 'static>(key: &dyn Any) -> &K {
    key.downcast_ref().expect("a family's own type of key")
}

impl Guarded for Entered<Instance> {
    fn group(&self) -> &Group {
        &self.group
    }

    fn prepare(&self) {
        self.group.fill(self.seeds.len(), || self.seeds());
    }

    fn committed(&self) {
        self.set_stays(true);
    }

    fn seeds(&self) -> Slots {
        self.seeds.seeds(self.key())
    }
}

impl Guarded for &Entered<Instance> {
    fn group(&self) -> &Group {
        (*self).group()
    }

    fn prepare(&self) {
        (*self).prepare();
    }

    fn committed(&self) {
        (*self).committed();
    }

    fn seeds(&self) -> Slots {
        Guarded::seeds(*self)
    }
}
