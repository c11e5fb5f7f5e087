//! A shared state of which there is one for each key.

use super::instance_ref::At;
use super::map_cell::{MapCell, MapHome};
use crate::lock::lock_key::LockKey;
use crate::lock::{DEFAULT_WAIT, Deadline, Lock, LockError, LockStatus, Place};
use crate::state::committed::Committed;
use crate::state::registration::Part;
use crate::state::shared::{Kind, SharedState};
use crate::store::key_map::Entered;
use crate::store::key_space::Instance;
use crate::store::lock_group::Slot;
use crate::transaction::access_plan::{Guarded, How, Plan};
use crate::transaction::active::{Runs, Work};
use crate::transaction::in_place;
use crate::transaction::run::change;
use crate::transaction::single_state::{self, One};
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

/// A handle to a shared state of which there is one instance for each key: a field of the [`Host`](crate::Host).
///
/// The state names its lock by a template. Each instance has a lock of its own, so that changes of one cart never wait for
/// those of another:
///
/// ```
/// use kr_runtime::SharedMap;
/// use kr_runtime::prelude::*;
///
/// #[derive(Clone, Default, SharedState)]
/// #[shared_state(lock = "cart:{id}")]
/// struct Cart {
///     items: Vec<String>,
/// }
///
/// #[derive(Host)]
/// struct Shop {
///     carts: SharedMap<u64, Cart>,
/// }
///
/// #[kr_route(post, "/cart/{id}")]
/// #[locked("cart:{id}")]
/// fn add(id: u64, cart: &mut Cart, item: String) -> Json<usize> {
///     cart.items.push(item);
///     Json(cart.items.len())
/// }
///
/// let shop = Shop { carts: SharedMap::new() };
/// let app = App::new("Shop", shop).mount(routes![add]);
/// ```
///
/// The key is the argument, not the text of the URL: `/cart/1` and `/cart/01` are one cart, with one lock.
///
/// An instance comes into being when a first change of it is committed. Until then, readers see its first value, from
/// `Default` or a function; that somebody reads it, waits for it, or changes it and fails leaves nothing behind. It stays
/// until it is [removed](Self::remove).
///
/// Outside of handlers the handle has the methods that a host has for other states, with the key as an argument. Clones
/// are handles to the same instances.
pub struct SharedMap<K, S> {
    cell: Arc<MapCell<K>>,
    state: PhantomData<fn() -> S>,
}

// What is no key is told of where the host is, and not once more where the map is made.
impl<K: 'static, S: SharedState> SharedMap<K, S> {
    /// A keyed state whose instances start with the type's default.
    #[must_use]
    pub fn new() -> Self
    where
        S: Default,
    {
        Self::with_seed(|_| S::default())
    }

    /// A keyed state with a function that makes the first value of an instance.
    ///
    /// It is called whenever an instance is used that nobody has changed yet, so it had better be quick.
    #[must_use]
    pub fn with_seed(seed: impl Fn(&K) -> S + Send + Sync + 'static) -> Self {
        let cell = MapCell {
            kind: Kind::of::<S>(),
            seed: Arc::new(move |key| Arc::new(seed(key)) as Slot),
            home: OnceLock::new(),
        };
        Self {
            cell: Arc::new(cell),
            state: PhantomData,
        }
    }
}

impl<K: LockKey, S: SharedState> SharedMap<K, S> {
    /// The last committed value of an instance. No lock is taken, and nobody waits.
    ///
    /// If there is no such instance yet, that is its first value, at revision 0.
    ///
    /// # Panics
    /// As [`Host::read`](crate::Host::read).
    #[must_use]
    pub fn read(&self, key: &K) -> Committed<S> {
        self.get(key).unwrap_or_else(|| {
            let home = self.home();
            Committed::new(home.family.seed(key, home.slot), 0)
        })
    }

    /// The last committed value of an instance, if there is one.
    ///
    /// # Panics
    /// As [`Host::read`](crate::Host::read).
    #[must_use]
    pub fn get(&self, key: &K) -> Option<Committed<S>> {
        let home = self.home();
        let entered = home.family.pool.find(key)?;
        if !entered.stays() {
            return None;
        }
        let cut = in_place::look(entered.group(), home.slot);
        let cut = cut.unwrap_or_else(|error| panic!("{error}"));
        // It may have been removed meanwhile. Whether it is there is part of the commit, so it is asked together with it.
        let value = cut.slots.get(home.slot).filter(|_| entered.stays());
        value.map(|value| Committed::new(Arc::clone(value), cut.revision))
    }

    /// The keys of all instances, in no particular order.
    #[must_use]
    pub fn keys(&self) -> Vec<K> {
        self.home().family.pool.keys()
    }

    /// How many instances there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.home().family.pool.len()
    }

    /// Whether there is no instance.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All instances, each as it was last committed. They have locks of their own, so this is no one moment of all of them.
    ///
    /// A snapshot of a single one is `Snapshot::new(&*carts.read(&7))`, one of all is that of what this returns:
    ///
    /// ```
    /// # use kr_runtime::{SharedMap, Snapshot};
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Clone, Default, Serialize, Deserialize, SharedState)]
    /// # #[shared_state(lock = "cart:{id}")]
    /// # struct Cart { items: Vec<String> }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let carts = SharedMap::<u64, Cart>::new();
    /// carts.update(&7, |cart| cart.items.push("helmet".into())).await?;
    /// let document = Snapshot::new(carts.entries()).to_string()?;
    ///
    /// let restored = SharedMap::<u64, Cart>::new();
    /// let carts: Snapshot<Vec<(u64, Cart)>> = Snapshot::from_str(&document)?;
    /// restored.restore_all(carts.into_inner()).await?;
    /// assert_eq!(restored.read(&7).items, ["helmet"]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    /// As [`Host::read`](crate::Host::read).
    #[must_use]
    pub fn entries(&self) -> Vec<(K, Committed<S>)> {
        let keys = self.keys().into_iter();
        keys.filter_map(|key| self.get(&key).map(|value| (key, value)))
            .collect()
    }

    /// Changes an instance under its lock, waiting in line for at most 30 seconds.
    ///
    /// `change` works on a draft, which is committed when it returns. If it panics, nothing is changed.
    ///
    /// # Errors
    /// [`LockError`] if the lock was not granted.
    #[track_caller]
    pub fn update<R>(
        &self,
        key: &K,
        change: impl FnOnce(&mut S) -> R + Send,
    ) -> impl Future<Output = Result<R, LockError>> + Send {
        let (place, one) = (Place::here(), self.one(key));
        single_state::change(Ok(one), place, |state| Ok(change(state)))
    }

    /// As [`update`](Self::update), but `Err` rolls back, as it does in a handler.
    ///
    /// # Errors
    /// [`LockError`], converted, if the lock was not granted; otherwise whatever `change` returns.
    #[track_caller]
    pub fn try_update<R, E: From<LockError>>(
        &self,
        key: &K,
        change: impl FnOnce(&mut S) -> Result<R, E> + Send,
    ) -> impl Future<Output = Result<R, E>> + Send {
        let (place, one) = (Place::here(), self.one(key));
        single_state::change(Ok(one), place, change)
    }

    /// As [`update`](Self::update), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// [`LockError`] if the lock was not granted.
    ///
    /// # Panics
    /// On a thread that drives async tasks.
    #[track_caller]
    pub fn blocking_update<R>(
        &self,
        key: &K,
        change: impl FnOnce(&mut S) -> R,
    ) -> Result<R, LockError> {
        let one = self.one(key);
        one.change_blocking(Place::here(), |state| Ok(change(state)))
    }

    /// Puts another value in an instance's place, that of a snapshot for example, waiting in line for at most 30 seconds. It
    /// does not matter what became of the value that was there.
    ///
    /// # Errors
    /// [`LockError`] if the lock was not granted.
    #[track_caller]
    pub fn restore(&self, key: &K, value: S) -> impl Future<Output = Result<(), LockError>> + Send {
        let place = Place::here();
        let entered = self.enter(key);
        let slot = self.home().slot;
        async move { put(&entered, slot, Arc::new(value), place).await }
    }

    /// Puts these instances in the place of all that there are, one after the other: the others are removed.
    ///
    /// # Errors
    /// [`LockError`] if a lock was not granted. The instances before that one have their new values.
    #[track_caller]
    pub fn restore_all(
        &self,
        instances: impl IntoIterator<Item = (K, S)>,
    ) -> impl Future<Output = Result<(), LockError>> + Send {
        let place = Place::here();
        let instances: Vec<(K, S)> = instances.into_iter().collect();
        async move {
            let slot = self.home().slot;
            let mut gone: std::collections::HashSet<K> = self.keys().into_iter().collect();
            for (key, value) in instances {
                put(&self.enter(&key), slot, Arc::new(value), place).await?;
                gone.remove(&key);
            }
            for key in gone {
                remove(self.enter(&key), place).await?;
            }
            Ok(())
        }
    }

    /// Removes an instance, waiting in line for at most 30 seconds: the next one to use its key sees a first value again.
    /// Returns whether there was one. All states that share its lock go with it.
    ///
    /// # Errors
    /// [`LockError`] if the lock was not granted.
    #[track_caller]
    pub fn remove(&self, key: &K) -> impl Future<Output = Result<bool, LockError>> + Send {
        let place = Place::here();
        let entered = self.enter(key);
        remove(entered, place)
    }

    /// One instance, to be changed together with other states by [`Host::update_many`](crate::Host::update_many).
    pub fn at(&self, key: &K) -> At<K, S> {
        At {
            entered: self.enter(key),
            kind: self.cell.kind,
            slot: self.home().slot,
            of: PhantomData,
        }
    }

    /// The name of an instance's lock, as [`Locks`](crate::Locks) and the log have it: the template with the key in its
    /// place, in which everything is escaped, as in a URL, that could make two keys one.
    ///
    /// ```
    /// # use kr_runtime::SharedMap;
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Clone, Default, SharedState)]
    /// # #[shared_state(lock = "cart:{id}")]
    /// # struct Cart;
    /// let carts = SharedMap::<String, Cart>::new();
    /// assert_eq!(carts.lock_key(&"7".into()), "cart:7");
    /// assert_eq!(carts.lock_key(&"A:b".into()), "cart:%41%3ab");
    /// ```
    #[must_use]
    pub fn lock_key(&self, key: &K) -> String {
        self.home().family.name(key).as_str().to_owned()
    }

    /// The locks of all instances that are in use or stay.
    #[must_use]
    pub fn locks(&self) -> Vec<LockStatus> {
        self.home().family.locks.list()
    }

    fn home(&self) -> &MapHome<K> {
        self.cell.home_in(None)
    }

    fn enter(&self, key: &K) -> Entered<Instance> {
        self.home().family.enter(key)
    }

    fn one(&self, key: &K) -> One<Entered<Instance>, S> {
        let home = self.home();
        One {
            group: home.family.enter(key),
            slot: home.slot,
            state: PhantomData,
        }
    }
}

/// The plan for a change of one instance.
fn plan(entered: &Entered<Instance>, slot: usize, how: How) -> Plan<&Entered<Instance>, &Lock> {
    let mut plan = Plan::default();
    plan.borrow(entered, slot, how);
    plan.take(&*entered.group().lock);
    plan
}

/// Puts another value in a state's place.
async fn put(
    entered: &Entered<Instance>,
    slot: usize,
    value: Slot,
    place: Place,
) -> Result<(), LockError> {
    change(&plan(entered, slot, How::Replaced), place, |states| {
        states.replace(value);
        Ok(())
    })
    .await
}

/// Removes an instance.
pub(crate) async fn remove(entered: Entered<Instance>, place: Place) -> Result<bool, LockError> {
    let mut plan: Plan<&Entered<Instance>, &Lock> = Plan::default();
    plan.take(&*entered.group().lock);
    let mut deadline = Deadline::within(DEFAULT_WAIT);
    let work = Work::begin(&plan, place, Runs::Here, &mut deadline).await?;
    let was_there = entered.stays();
    let gone = entered.group().clear(|| entered.set_stays(false));
    drop(work);
    drop(gone);
    Ok(was_there)
}

impl<K, S> SharedMap<K, S> {
    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn part(&self) -> Part<'_>
    where
        K: LockKey,
    {
        Part::Keyed(&*self.cell)
    }
}

impl<K: 'static, S: SharedState + Default> Default for SharedMap<K, S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<K, S> Clone for SharedMap<K, S> {
    fn clone(&self) -> Self {
        Self {
            cell: Arc::clone(&self.cell),
            state: PhantomData,
        }
    }
}

impl<K, S> fmt::Debug for SharedMap<K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedMap")
            .field("name", &self.cell.kind.name)
            .field("lock", &self.cell.kind.lock)
            .finish_non_exhaustive()
    }
}
