//! A shared state of which there is one instance for each key.

use super::committed::{Committed, latest_value, read_value};
use super::host_field::HostField;
use super::instance::{put, remove};
use super::instance_ref::InstanceRef;

use super::map_cell::{MapAddress, MapCell};
use super::shared_state::SharedState;
use super::state_type::StateType;
use crate::lock::{CallSite, LockKey, LockStatus};
use crate::store::{
    AnyKeySpace, EntryRef, Instance, InstanceLimits, ReadError, UpdateError, Value, statuses,
};
use crate::transaction::{
    NotResult, NotUpdate, SingleState, UpdateOutcome, update_if_changed, update_one,
};
use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, OnceLock};

/// A handle to a shared state of which there is one instance for each key: a field of the [`Host`](crate::Host).
///
/// The state names its lock by a template. Each instance has a lock of its own, so a change of one cart never waits for a
/// change of another:
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
/// The first commit creates an instance. Until then, readers see its initial value, from `Default` or a function. Reading
/// an instance, waiting for it, or a failed update does not create it. It stays until it is [removed](Self::remove), or until
/// [`idle_for`](Self::idle_for) or [`at_most`](Self::at_most) does so.
///
/// Outside handlers, the map has the methods that a host has for other states, with the key as an argument. Clones are
/// handles to the same instances.
pub struct SharedMap<K, S> {
    cell: Arc<MapCell<K>>,
    state: PhantomData<fn() -> S>,
}

// No `LockKey` bound here: the host's derive already reports a wrong key type.
impl<K: 'static, S: SharedState> SharedMap<K, S> {
    /// A keyed state whose instances start with the type's default.
    #[must_use]
    pub fn new() -> Self
    where
        S: Default,
    {
        Self::with_initial(|_| S::default())
    }

    /// A keyed state with a function that makes the initial value of an instance.
    ///
    /// The function runs whenever an instance is used that has no commit yet, so it should be quick.
    #[must_use]
    pub fn with_initial(initial: impl Fn(&K) -> S + Send + Sync + 'static) -> Self {
        let cell = MapCell {
            state_type: StateType::of::<S>(),
            initial: Arc::new(move |key| Arc::new(initial(key)) as Value),
            limits: Mutex::default(),
            address: OnceLock::new(),
            locks: OnceLock::new(),
        };
        Self {
            cell: Arc::new(cell),
            state: PhantomData,
        }
    }
}

impl<K: LockKey, S: SharedState> SharedMap<K, S> {
    /// The committed value of an instance: every commit that was answered before this call is in it.
    ///
    /// It takes no lock and waits for no writer. It waits for the store, if that has to be asked, and for a change in
    /// place to end. If there is no such instance, the value is its initial one, at revision 0.
    ///
    /// # Errors
    /// [`ReadError`] if the instance is damaged, or is changed in place for longer than 30 seconds.
    pub async fn read(&self, key: &K) -> Result<Committed<S>, ReadError> {
        let committed = self.get(key).await?;
        Ok(committed.unwrap_or_else(|| self.initial(key)))
    }

    /// As [`read`](Self::read), but `None` if there is no such instance.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn get(&self, key: &K) -> Result<Option<Committed<S>>, ReadError> {
        let address = self.address();
        let Some(instance) = address.key_space.find(key) else {
            return Ok(None);
        };
        let value = read_value(&instance, address.index, true).await?;
        Ok(value.map(Committed::new))
    }

    /// The newest committed value of an instance that this process knows, at once. If there is no such instance, the value
    /// is its initial one, at revision 0.
    ///
    /// # Errors
    /// [`ReadError`] if the instance is being changed in place or is damaged, or [`ReadError::NotLoaded`] if the store has not
    /// been asked for it lately.
    pub fn latest(&self, key: &K) -> Result<Committed<S>, ReadError> {
        let address = self.address();
        let value = match address.key_space.find(key) {
            Some(instance) => latest_value(instance.group(), address.index, true)?,
            None => None,
        };
        Ok(value.map_or_else(|| self.initial(key), Committed::new))
    }

    /// Changes an instance under its lock, waiting in its queue for at most 30 seconds.
    ///
    /// `change` works on a draft, which is committed when it returns. If it panics, nothing is changed. The future is
    /// ready when the commit is durable. A closure that returns a `Result` does not compile here, since its `Err` would be
    /// committed: [`try_update`](Self::try_update) rolls back on `Err`.
    ///
    /// # Errors
    /// [`UpdateError`] if the lock was not granted, or the store did not keep the change.
    #[track_caller]
    pub fn update<R: NotResult<UseTryUpdate> + Send, UseTryUpdate>(
        &self,
        key: &K,
        change: impl FnOnce(&mut S) -> R + Send,
    ) -> impl Future<Output = Result<R, UpdateError>> + Send {
        let (call_site, state) = (CallSite::here(), self.single(key));
        update_one(Ok(state), call_site, |state| Ok(change(state)))
    }

    /// As [`update`](Self::update), but `Err` rolls back, as it does in a handler.
    ///
    /// # Errors
    /// [`UpdateError`], converted, if the lock was not granted or the store did not keep the change; otherwise whatever
    /// `change` returns.
    #[track_caller]
    pub fn try_update<R, E, UseUpdateIfChanged>(
        &self,
        key: &K,
        change: impl FnOnce(&mut S) -> Result<R, E> + Send,
    ) -> impl Future<Output = Result<R, E>> + Send
    where
        R: NotUpdate<UseUpdateIfChanged> + Send,
        E: From<UpdateError> + Send,
    {
        let (call_site, state) = (CallSite::here(), self.single(key));
        update_one(Ok(state), call_site, change)
    }

    /// As [`update`](Self::update), of a closure that finds out whether it changes anything; see
    /// [`Host::update_if_changed`](crate::Host::update_if_changed). An instance that was not there is not made by
    /// [`Update::Unchanged`](crate::Update::Unchanged).
    ///
    /// # Errors
    /// As [`update`](Self::update), or whatever `change` returns.
    #[track_caller]
    pub fn update_if_changed<R: UpdateOutcome>(
        &self,
        key: &K,
        change: impl FnOnce(&mut S) -> R + Send,
    ) -> impl Future<Output = R::Output> + Send {
        let (call_site, state) = (CallSite::here(), self.single(key));
        update_if_changed(Ok(state), call_site, change)
    }

    /// As [`update`](Self::update), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    ///
    /// # Panics
    /// On a thread that drives async tasks.
    #[track_caller]
    pub fn blocking_update<R: NotResult<UseTryUpdate>, UseTryUpdate>(
        &self,
        key: &K,
        change: impl FnOnce(&mut S) -> R,
    ) -> Result<R, UpdateError> {
        self.blocking_try_update(key, |state| Ok(change(state)))
    }

    /// As [`try_update`](Self::try_update), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// As [`try_update`](Self::try_update).
    ///
    /// # Panics
    /// As [`blocking_update`](Self::blocking_update).
    #[track_caller]
    pub fn blocking_try_update<R, E, UseUpdateIfChanged>(
        &self,
        key: &K,
        change: impl FnOnce(&mut S) -> Result<R, E>,
    ) -> Result<R, E>
    where
        R: NotUpdate<UseUpdateIfChanged>,
        E: From<UpdateError>,
    {
        let state = self.single(key);
        state.update_blocking(CallSite::here(), change)
    }

    /// Replaces the value of an instance, with that of a snapshot for example, waiting in its queue for at most 30 seconds.
    /// A damaged value is repaired by this.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    #[track_caller]
    pub fn replace(
        &self,
        key: &K,
        value: S,
    ) -> impl Future<Output = Result<(), UpdateError>> + Send {
        let call_site = CallSite::here();
        let instance = self.instance(key);
        let index = self.address().index;
        async move { put(&instance, index, Arc::new(value), call_site).await }
    }

    /// Replaces all instances by these, one after the other, and removes the others.
    ///
    /// # Errors
    /// As [`update`](Self::update). The instances before the one that failed have their new values.
    #[track_caller]
    pub fn replace_all(
        &self,
        instances: impl IntoIterator<Item = (K, S)>,
    ) -> impl Future<Output = Result<(), UpdateError>> + Send {
        let call_site = CallSite::here();
        let instances: Vec<(K, S)> = instances.into_iter().collect();
        async move {
            let index = self.address().index;
            let keys = self.address().key_space.all_keys().await;
            let mut others: HashSet<K> = keys.map_err(UpdateError::from)?.into_iter().collect();
            for (key, value) in instances {
                put(&self.instance(&key), index, Arc::new(value), call_site).await?;
                others.remove(&key);
            }
            for key in others {
                remove(self.instance(&key), call_site).await?;
            }
            Ok(())
        }
    }

    /// Removes an instance, waiting in its queue for at most 30 seconds: the next use of its key sees an initial value
    /// again. Returns whether there was one. All states that share its lock are removed with it.
    ///
    /// A removal is a commit: it has a revision, and no later instance of this key has the same one.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    #[track_caller]
    pub fn remove(&self, key: &K) -> impl Future<Output = Result<bool, UpdateError>> + Send {
        let call_site = CallSite::here();
        remove(self.instance(key), call_site)
    }

    /// One instance, to be read or changed together with other states by
    /// [`Host::read_many`](crate::Host::read_many) or [`Host::update_many`](crate::Host::update_many).
    pub fn at(&self, key: &K) -> InstanceRef<K, S> {
        InstanceRef {
            instance: self.instance(key),
            state_type: self.cell.state_type,
            index: self.address().index,
            of: PhantomData,
        }
    }

    /// The name of an instance's lock, as [`Locks`](crate::Locks) and the log show it: the template with the key in it.
    /// Characters that could make two keys equal are escaped, as in a URL.
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
        self.address().key_space.lock_name(key).as_str().to_owned()
    }

    /// The locks of all instances that are in use or have a commit.
    #[must_use]
    pub fn locks(&self) -> Vec<LockStatus> {
        statuses(self.address().key_space.locks())
    }

    pub(super) fn limited(self, limits: InstanceLimits) -> Self {
        self.cell.limit(limits);
        self
    }

    pub(super) fn address(&self) -> &MapAddress<K> {
        self.cell.address_in(None)
    }

    pub(super) fn instance(&self, key: &K) -> EntryRef<Instance> {
        self.address().key_space.get_or_create(key)
    }

    fn initial(&self, key: &K) -> Committed<S> {
        let address = self.address();
        Committed::new((address.key_space.initial_value(key, address.index), 0))
    }

    fn single(&self, key: &K) -> SingleState<EntryRef<Instance>, S> {
        let address = self.address();
        SingleState {
            group: address.key_space.get_or_create(key),
            index: address.index,
            state: PhantomData,
        }
    }
}

impl<K, S> SharedMap<K, S> {
    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn field(&self) -> HostField<'_>
    where
        K: LockKey,
    {
        HostField::Keyed(&*self.cell)
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
            .field("name", &self.cell.state_type.name)
            .field("lock", &self.cell.state_type.lock)
            .finish_non_exhaustive()
    }
}
