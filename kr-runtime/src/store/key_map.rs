//! Things of which there is one for each key, as long as somebody uses it or it is to stay.

use crate::sync::{Mutex, MutexGuard};
use std::any::Any;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, Weak};

/// One thing for each key.
///
/// Whoever uses one has entered it, under the mutex of its shard, and the last one to leave takes it away, unless it is to
/// stay. Since nobody can enter meanwhile, no key ever has two.
pub(crate) struct Pool<K, V> {
    me: Weak<Self>,
    shards: Box<[Shard<K, V>]>,
    hasher: RandomState,
}

type Shard<K, V> = Mutex<HashMap<K, Arc<Member<K, V>>>>;

/// The thing of one key.
pub(crate) struct Member<K, V> {
    pool: Weak<Pool<K, V>>,
    key: K,
    /// How many use it.
    users: AtomicUsize,
    stays: AtomicBool,
    thing: V,
}

/// Somebody uses the thing of a key.
pub(crate) struct Entered<V: 'static>(Option<Arc<dyn Membership<V>>>);

/// A member, whatever its key is made of.
trait Membership<V>: Send + Sync {
    fn thing(&self) -> &V;
    fn key(&self) -> &dyn Any;
    fn users(&self) -> &AtomicUsize;
    fn stays(&self) -> &AtomicBool;
    fn leave(self: Arc<Self>);
}

impl<K, V> Pool<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    /// A power of two of shards, so that two keys seldom meet at one mutex.
    pub(crate) fn new(shards: usize) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            shards: (0..shards.next_power_of_two())
                .map(|_| Mutex::default())
                .collect(),
            hasher: RandomState::new(),
        })
    }

    /// Uses the thing of a key, which is made if there is none.
    pub(crate) fn enter(&self, key: &K, make: impl FnOnce() -> V) -> Entered<V> {
        let mut members = self.shard(key);
        if let Some(member) = members.get(key) {
            return Entered::new(member);
        }
        let member = Arc::new(Member {
            pool: Weak::clone(&self.me),
            key: key.clone(),
            users: AtomicUsize::new(0),
            stays: AtomicBool::new(false),
            thing: make(),
        });
        let entered = Entered::new(&member);
        members.insert(key.clone(), member);
        entered
    }

    /// Uses the thing of a key, if there is one.
    pub(crate) fn find(&self, key: &K) -> Option<Entered<V>> {
        self.shard(key).get(key).map(Entered::new)
    }

    /// The keys whose things stay.
    pub(crate) fn keys(&self) -> Vec<K> {
        let mut keys = Vec::new();
        for shard in &self.shards {
            let members = guard(shard);
            let stay = members.values().filter(|member| member.stays());
            keys.extend(stay.map(|member| member.key.clone()));
        }
        keys
    }

    /// How many things stay.
    pub(crate) fn len(&self) -> usize {
        let count = |shard: &Shard<K, V>| {
            let members = guard(shard);
            members.values().filter(|member| member.stays()).count()
        };
        self.shards.iter().map(count).sum()
    }

    fn shard(&self, key: &K) -> MutexGuard<'_, HashMap<K, Arc<Member<K, V>>>> {
        // The table inside a shard uses the other bits.
        let hash = self.hasher.hash_one(key) as usize;
        guard(&self.shards[hash & (self.shards.len() - 1)])
    }

    /// Takes a member away, unless it is to stay or somebody has begun to use it again.
    fn collect(&self, member: &Arc<Member<K, V>>) {
        let mut members = self.shard(&member.key);
        let known = members.get(&member.key);
        let is_idle = known.is_some_and(|known| {
            Arc::ptr_eq(known, member) && known.users.load(Ordering::Acquire) == 0 && !known.stays()
        });
        let gone = is_idle.then(|| members.remove(&member.key));
        shrink(&mut members);
        drop(members);
        // What it is made of is dropped outside.
        drop(gone);
    }
}

/// The memory of many things goes with them.
fn shrink<K: Eq + Hash, V>(members: &mut HashMap<K, V>) {
    if members.capacity() > 64 && members.len() < members.capacity() / 8 {
        members.shrink_to(members.len() * 2);
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K, V> Member<K, V> {
    fn stays(&self) -> bool {
        self.stays.load(Ordering::Relaxed)
    }
}

impl<K, V> Membership<V> for Member<K, V>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    V: Send + Sync + 'static,
{
    fn thing(&self) -> &V {
        &self.thing
    }

    fn key(&self) -> &dyn Any {
        &self.key
    }

    fn users(&self) -> &AtomicUsize {
        &self.users
    }

    fn stays(&self) -> &AtomicBool {
        &self.stays
    }

    fn leave(self: Arc<Self>) {
        // Whoever was here before has said by now whether it stays.
        let was_last = self.users.fetch_sub(1, Ordering::AcqRel) == 1;
        if was_last
            && !Member::stays(&self)
            && let Some(pool) = self.pool.upgrade()
        {
            pool.collect(&self);
        }
    }
}

impl<V: Send + Sync> Entered<V> {
    /// To be called under the mutex of the member's shard.
    fn new<K>(member: &Arc<Member<K, V>>) -> Self
    where
        K: Clone + Eq + Hash + Send + Sync + 'static,
    {
        member.users.fetch_add(1, Ordering::Relaxed);
        let member: Arc<Member<K, V>> = Arc::clone(member);
        Self(Some(member))
    }
}

impl<V> Entered<V> {
    /// Whether the thing stays when nobody uses it. To be changed only by whoever holds its lock.
    pub(crate) fn set_stays(&self, stays: bool) {
        self.member().stays().store(stays, Ordering::Relaxed);
    }

    /// Whether the thing stays when nobody uses it.
    pub(crate) fn stays(&self) -> bool {
        self.member().stays().load(Ordering::Relaxed)
    }

    /// Whose thing it is.
    pub(crate) fn key(&self) -> &dyn Any {
        self.member().key()
    }

    fn member(&self) -> &dyn Membership<V> {
        self.0.as_deref().expect("it has not been left")
    }
}

/// Who uses a thing may pass its use on.
impl<V> Clone for Entered<V> {
    fn clone(&self) -> Self {
        self.member().users().fetch_add(1, Ordering::Relaxed);
        Self(self.0.clone())
    }
}

impl<V> Deref for Entered<V> {
    type Target = V;

    fn deref(&self) -> &V {
        self.member().thing()
    }
}

impl<V> Drop for Entered<V> {
    fn drop(&mut self) {
        if let Some(member) = self.0.take() {
            member.leave();
        }
    }
}
