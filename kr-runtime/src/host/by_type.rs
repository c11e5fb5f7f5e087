//! The struct that holds an application's shared states.

use crate::host::by_name::{self as named, NamedError, StateStatus};
use crate::host::multi_state::{Mixed, Several};
use crate::lock::{LockError, LockStatus, Place};
use crate::state::committed::Committed;
use crate::state::registration::{Part, settle};
use crate::state::shared::{CounterField, Shared, SharedState};
use crate::store::lock_group::Slot;
use crate::transaction::run::{change_blocking, one, replacing};
use std::sync::Arc;
use tokio::sync::watch;

/// The struct that holds an application's shared states. Derive it; each field is a [`Shared<S>`](Shared).
///
/// Handlers are checked against it: one that borrows a state which the host lacks does not compile.
///
/// ```
/// use kr_runtime::prelude::*;
///
/// #[derive(Clone, SharedState)]
/// #[shared_state(lock = "shop")]
/// struct Stock(u32);
///
/// #[derive(Clone, SharedState)]
/// #[shared_state(lock = "shop")]
/// struct Sold(u32);
///
/// #[derive(Host)]
/// struct Shop {
///     stock: Shared<Stock>,
///     sold: Shared<Sold>,
/// }
///
/// let shop = Shop { stock: Shared::new(Stock(3)), sold: Shared::new(Sold(0)) };
/// assert_eq!(shop.read::<Stock>().0, 3);
/// ```
///
/// Outside a handler a host is used through these methods. Inside one, take the state as an argument instead.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a host of shared states",
    label = "this is not a host",
    note = "derive `Host` for `{Self}`, a struct with a `Shared<S>` field for each state [KR0404]"
)]
pub trait Host: Sized + Send + Sync + 'static {
    /// For the runtime; the derive writes it.
    #[doc(hidden)]
    fn parts(&self) -> Vec<Part<'_>>;

    /// The counters of its states, for the compiler's checks; the derive writes it.
    #[doc(hidden)]
    const COUNTERS: Counters = &[];

    /// The last committed value. No lock is taken, and nobody waits.
    ///
    /// Only where a handler [changes the state in place](macro@crate::locked) there is no value meanwhile: the thread waits
    /// for that handler to return, which is why only functions that do not pause can do so.
    ///
    /// # Panics
    /// If the state is damaged, as only a change in place can leave it. [`try_read`](Self::try_read) returns that as an
    /// error.
    fn read<S: SharedState>(&self) -> Committed<S>
    where
        Self: Provides<S>,
    {
        self.try_read().unwrap_or_else(|error| panic!("{error}"))
    }

    /// As [`read`](Self::read), for states that are changed in place.
    ///
    /// # Errors
    /// [`LockError::Damaged`] if a panic came in the middle of a change in place.
    fn try_read<S: SharedState>(&self) -> Result<Committed<S>, LockError>
    where
        Self: Provides<S>,
    {
        let cell = Provides::<S>::shared(self).cell();
        let committed = match cell.home.get() {
            Some(home) => Committed::of(&home.group, home.slot)?,
            None => None,
        };
        Ok(committed.unwrap_or_else(|| Committed::new(Arc::clone(&cell.seed), 0)))
    }

    /// The locks of the host's states: who holds them, how many wait, and what has happened to them.
    ///
    /// [`Locks::list`](crate::Locks::list) of [`App::locks`](crate::App::locks) has the others of an application, too.
    fn locks(&self) -> Vec<LockStatus> {
        // A state that nobody has used yet has no lock that anybody could hold.
        let mut list = Vec::new();
        for part in self.parts() {
            match part {
                Part::One(cell) => {
                    list.extend(cell.home.get().map(|home| home.group.lock.status()));
                }
                Part::Keyed(keyed) => {
                    list.extend(
                        keyed
                            .family()
                            .map(|(family, _)| family.locks().list())
                            .unwrap_or_default(),
                    );
                }
            }
        }
        list.sort_by(|one, other| one.lock.cmp(&other.lock));
        list.dedup_by(|one, other| one.lock == other.lock);
        list
    }

    /// Changes a state under its lock, waiting in line for at most 30 seconds.
    ///
    /// `change` works on a draft, which is committed when it returns. If it panics, nothing is changed.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Clone, SharedState)]
    /// # #[shared_state(lock = "visits")]
    /// # struct Visits(u64);
    /// # #[derive(Host)]
    /// # struct Site { visits: Shared<Visits> }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), kr_runtime::LockError> {
    /// # let site = Site { visits: Shared::new(Visits(0)) };
    /// let count = site
    ///     .update(|visits: &mut Visits| {
    ///         visits.0 += 1;
    ///         visits.0
    ///     })
    ///     .await?;
    /// assert_eq!(count, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`LockError`] if the lock was not granted.
    #[track_caller]
    fn update<S, R>(
        &self,
        change: impl FnOnce(&mut S) -> R + Send,
    ) -> impl Future<Output = Result<R, LockError>> + Send
    where
        S: SharedState,
        Self: Provides<S>,
    {
        let place = Place::here();
        let one = one::<S, _>(self);
        crate::transaction::single_state::change(one, place, |state| Ok(change(state)))
    }

    /// As [`update`](Self::update), but `Err` rolls back, as it does in a handler.
    ///
    /// # Errors
    /// [`LockError`], converted, if the lock was not granted; otherwise whatever `change` returns.
    #[track_caller]
    fn try_update<S, R, E>(
        &self,
        change: impl FnOnce(&mut S) -> Result<R, E> + Send,
    ) -> impl Future<Output = Result<R, E>> + Send
    where
        S: SharedState,
        E: From<LockError>,
        Self: Provides<S>,
    {
        let place = Place::here();
        let one = one::<S, _>(self);
        crate::transaction::single_state::change(one, place, change)
    }

    /// As [`update`](Self::update), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// [`LockError`] if the lock was not granted.
    ///
    /// # Panics
    /// On a thread that drives async tasks: all of them would wait, perhaps the holder among them.
    #[track_caller]
    fn blocking_update<S, R>(&self, change: impl FnOnce(&mut S) -> R) -> Result<R, LockError>
    where
        S: SharedState,
        Self: Provides<S>,
    {
        let one = one::<S, _>(self).map_err(|error| *error)?;
        one.change_blocking(Place::here(), |state| Ok(change(state)))
    }

    /// As [`try_update`](Self::try_update), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// As [`try_update`](Self::try_update).
    ///
    /// # Panics
    /// As [`blocking_update`](Self::blocking_update).
    #[track_caller]
    fn blocking_try_update<S, R, E>(
        &self,
        change: impl FnOnce(&mut S) -> Result<R, E>,
    ) -> Result<R, E>
    where
        S: SharedState,
        E: From<LockError>,
        Self: Provides<S>,
    {
        let one = one::<S, _>(self).map_err(|error| *error)?;
        one.change_blocking(Place::here(), change)
    }

    /// Changes several states together: all of their locks are taken, in the one global order and within one deadline of 30
    /// seconds, and a lock's states are published in one step. Keyed states come with their key.
    ///
    /// ```
    /// # use kr_runtime::SharedMap;
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Clone, SharedState)]
    /// # #[shared_state(lock = "shop")]
    /// # struct Stock(u32);
    /// # #[derive(Clone, Default, SharedState)]
    /// # #[shared_state(lock = "cart:{id}")]
    /// # struct Cart(u32);
    /// # #[derive(Host)]
    /// # struct Shop { stock: Shared<Stock>, carts: SharedMap<u64, Cart> }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), kr_runtime::LockError> {
    /// # let shop = Shop { stock: Shared::new(Stock(3)), carts: SharedMap::new() };
    /// shop.update_many((&shop.stock, shop.carts.at(&7)), |(stock, cart)| {
    ///     stock.0 -= 1;
    ///     cart.0 += 1;
    /// })
    /// .await?;
    /// assert_eq!((shop.read::<Stock>().0, shop.carts.read(&7).0), (2, 1));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Naming a state twice does not compile; naming an instance of a keyed one twice is an error.
    ///
    /// # Errors
    /// [`LockError`] if the locks were not granted.
    #[track_caller]
    fn update_many<M: Several, R>(
        &self,
        states: M,
        change: impl for<'d> FnOnce(M::Drafts<'d>) -> R + Send,
    ) -> impl Future<Output = Result<R, LockError>> + Send {
        let place = Place::here();
        let plan = several(self, states);
        async move {
            crate::transaction::run::change(&plan?, place, |states| {
                Ok(change(M::drafts(&mut states.each())))
            })
            .await
        }
    }

    /// As [`update_many`](Self::update_many), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// [`LockError`] if the locks were not granted.
    ///
    /// # Panics
    /// As [`blocking_update`](Self::blocking_update).
    #[track_caller]
    fn blocking_update_many<M: Several, R>(
        &self,
        states: M,
        change: impl for<'d> FnOnce(M::Drafts<'d>) -> R,
    ) -> Result<R, LockError> {
        let plan = several(self, states)?;
        change_blocking(&plan, Place::here(), |states| {
            Ok(change(M::drafts(&mut states.each())))
        })
    }

    /// Puts another value in a state's place, that of a snapshot for example, waiting in line for at most 30 seconds. It
    /// does not matter what became of the value that was there, so this also mends a damaged state.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Clone, Serialize, Deserialize, SharedState)]
    /// # #[shared_state(lock = "visits")]
    /// # struct Visits { count: u64 }
    /// # #[derive(Host)]
    /// # struct Site { visits: Shared<Visits> }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let site = Site { visits: Shared::new(Visits { count: 0 }) };
    /// let document = Snapshot::new(&Visits { count: 3 }).to_string()?;
    /// site.restore(Snapshot::<Visits>::from_str(&document)?.into_inner()).await?;
    /// assert_eq!(site.read::<Visits>().count, 3);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`LockError`] if the lock was not granted.
    #[track_caller]
    fn restore<S>(&self, value: S) -> impl Future<Output = Result<(), LockError>> + Send
    where
        S: SharedState,
        Self: Provides<S>,
    {
        let place = Place::here();
        let plan = replacing(self, Provides::<S>::shared(self).cell());
        async move {
            let value: Slot = Arc::new(value);
            crate::transaction::run::change(&plan.map_err(|error| *error)?, place, |states| {
                states.replace(value);
                Ok(())
            })
            .await
        }
    }

    /// Puts a state back to the value that its handle was made with, waiting in line for at most 30 seconds. This also mends
    /// a damaged state.
    ///
    /// # Errors
    /// [`LockError`] if the lock was not granted.
    #[track_caller]
    fn reset_state<S>(&self) -> impl Future<Output = Result<(), LockError>> + Send
    where
        S: SharedState,
        Self: Provides<S>,
    {
        named::reset_one(self, Provides::<S>::shared(self).cell(), Place::here())
    }

    /// The states of the host, for tools: their names, locks and revisions.
    fn states(&self) -> Vec<StateStatus> {
        named::states(self)
    }

    /// The last committed value of the state of that name, as JSON. Of a keyed state it is an object with a member for each
    /// instance, by the name of its lock.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Clone, Serialize, SharedState)]
    /// # #[shared_state(lock = "visits")]
    /// # struct Visits { count: u64 }
    /// # #[derive(Host)]
    /// # struct Site { visits: Shared<Visits> }
    /// # fn main() -> Result<(), kr_runtime::NamedError> {
    /// # let site = Site { visits: Shared::new(Visits { count: 3 }) };
    /// assert_eq!(site.get_json("Visits")?.to_string(), r#"{"count":3}"#);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`NamedError`] if there is no such state, or its type does not implement `Serialize`.
    fn get_json(&self, name: &str) -> Result<serde_json::Value, NamedError> {
        named::json(self, name)
    }

    /// Puts the state of that name back to the value that its handle was made with. All instances of a keyed state are
    /// removed, one after the other.
    ///
    /// # Errors
    /// [`NamedError`] if there is no such state, or a lock was not granted within 30 seconds.
    #[track_caller]
    fn reset(&self, name: &str) -> impl Future<Output = Result<(), NamedError>> + Send {
        named::reset(self, name, Place::here())
    }

    /// The revisions of a state's lock as they come: the receiver has the current one, and is woken by each commit.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Clone, SharedState)]
    /// # #[shared_state(lock = "visits")]
    /// # struct Visits(u64);
    /// # #[derive(Host)]
    /// # struct Site { visits: Shared<Visits> }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), kr_runtime::LockError> {
    /// # let site = Site { visits: Shared::new(Visits(0)) };
    /// let mut revisions = site.subscribe::<Visits>()?;
    /// site.update(|visits: &mut Visits| visits.0 += 1).await?;
    /// assert!(revisions.changed().await.is_ok());
    /// assert_eq!(*revisions.borrow(), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`LockError::Apart`].
    fn subscribe<S>(&self) -> Result<watch::Receiver<u64>, LockError>
    where
        S: SharedState,
        Self: Provides<S>,
    {
        let cell = Provides::<S>::shared(self).cell();
        let home = match cell.home.get() {
            Some(home) => Some(home),
            None => {
                settle(&self.parts())?;
                cell.home.get()
            }
        };
        // A settled state always has a home; without one there is nothing that could change.
        Ok(home.map_or_else(|| watch::channel(0).1, |home| home.group.subscribe()))
    }
}

/// The counters of a host's states, by the states' names.
#[doc(hidden)]
pub type Counters = &'static [(&'static str, &'static [CounterField])];

/// A host that holds the state `S`. The derive of [`Host`] implements it for each field.
///
/// It lets a function take any host that has what it needs:
///
/// ```
/// use kr_runtime::prelude::*;
/// use kr_runtime::Provides;
///
/// #[derive(Clone, SharedState)]
/// #[shared_state(lock = "visits")]
/// struct Visits(u64);
///
/// fn visits(host: &impl Provides<Visits>) -> u64 {
///     host.read::<Visits>().0
/// }
///
/// #[derive(Host)]
/// struct Site {
///     visits: Shared<Visits>,
/// }
///
/// assert_eq!(visits(&Site { visits: Shared::new(Visits(3)) }), 3);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no shared state of type `{S}`",
    label = "this borrows `{S}`, which `{Self}` does not hold",
    note = "add a field of type `Shared<{S}>` to `{Self}`, or mount the handler on a host that has one [KR0404]"
)]
pub trait Provides<S>: Host {
    /// The handle to the state.
    fn shared(&self) -> &Shared<S>;
}

/// The plan for a call that changes several states.
fn several(host: &impl Host, states: impl Several) -> Result<Mixed, LockError> {
    let parts = host.parts();
    if parts.iter().any(|part| !part.is_settled()) {
        settle(&parts)?;
    }
    states.plan()
}
