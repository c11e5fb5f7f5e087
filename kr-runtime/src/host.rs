//! The struct that holds an application's shared states.

use crate::committed::Committed;
use crate::draft::{Plan, Runs, States};
use crate::group::Slot;
use crate::home::settle;
use crate::locks::{DEFAULT_WAIT, Deadline, LockError, LockStatus, Place};
use crate::several::Several;
use crate::shared::{Cell, Shared, SharedState};
use std::panic::Location;
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
    fn cells(&self) -> Vec<&Cell>;

    /// The last committed value. No lock is taken, and nobody waits.
    fn read<S: SharedState>(&self) -> Committed<S>
    where
        Self: Provides<S>,
    {
        let cell = Provides::<S>::shared(self).cell();
        let (slot, revision) = match cell.home.get() {
            Some(home) => {
                let cut = home.group.load();
                (Arc::clone(&cut.slots[home.slot]), cut.revision)
            }
            None => (Arc::clone(&cell.seed), 0),
        };
        let value = slot
            .downcast()
            .expect("a slot holds the type of its handle");
        Committed { value, revision }
    }

    /// The locks of the host's states: who holds them, how many wait, and what has happened to them.
    ///
    /// [`Locks::list`](crate::Locks::list) of [`App::locks`](crate::App::locks) has the others of an application, too.
    fn locks(&self) -> Vec<LockStatus> {
        let cells = self.cells();
        // A state that nobody has used yet has no lock that anybody could hold.
        let mut list: Vec<_> = cells
            .iter()
            .filter_map(|cell| cell.home.get())
            .map(|home| home.group.lock.status())
            .collect();
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
        let place = Place::Code(Location::caller());
        let plan = plan(self, &[Provides::<S>::shared(self).cell()]);
        crate::host::change(plan, place, |states| Ok(change(states.each().write())))
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
        let place = Place::Code(Location::caller());
        let plan = plan(self, &[Provides::<S>::shared(self).cell()]);
        crate::host::change(plan, place, |states| change(states.each().write()))
    }

    /// Changes several states together: all of their locks are taken, in the one global order, and a lock's states are
    /// published in one step.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Clone, SharedState)]
    /// # #[shared_state(lock = "shop")]
    /// # struct Stock(u32);
    /// # #[derive(Clone, SharedState)]
    /// # #[shared_state(lock = "shop")]
    /// # struct Sold(u32);
    /// # #[derive(Host)]
    /// # struct Shop { stock: Shared<Stock>, sold: Shared<Sold> }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), kr_runtime::LockError> {
    /// # let shop = Shop { stock: Shared::new(Stock(3)), sold: Shared::new(Sold(0)) };
    /// shop.update_many::<(Stock, Sold), _>(|(stock, sold)| {
    ///     stock.0 -= 1;
    ///     sold.0 += 1;
    /// })
    /// .await?;
    /// assert_eq!((shop.read::<Stock>().0, shop.read::<Sold>().0), (2, 1));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Naming a state twice does not compile.
    ///
    /// # Errors
    /// [`LockError`] if the locks were not granted.
    #[track_caller]
    fn update_many<M, R>(
        &self,
        change: impl for<'d> FnOnce(M::Drafts<'d>) -> R + Send,
    ) -> impl Future<Output = Result<R, LockError>> + Send
    where
        M: Several<Self>,
    {
        let place = Place::Code(Location::caller());
        let plan = plan(self, &M::cells(self));
        crate::host::change(plan, place, |states| {
            Ok(change(M::drafts(&mut states.each())))
        })
    }

    /// Puts a state back to the value that its handle was made with, waiting in line for at most 30 seconds.
    ///
    /// # Errors
    /// [`LockError`] if the lock was not granted.
    #[track_caller]
    fn reset<S>(&self) -> impl Future<Output = Result<(), LockError>> + Send
    where
        S: SharedState,
        Self: Provides<S>,
    {
        let place = Place::Code(Location::caller());
        let cell = Provides::<S>::shared(self).cell();
        let plan = plan(self, &[cell]);
        let seed = Arc::clone(&cell.seed);
        crate::host::change(plan, place, |states| {
            states.replace(seed);
            Ok(())
        })
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
                settle(&self.cells())?;
                cell.home.get()
            }
        };
        // A settled state always has a home; without one there is nothing that could change.
        Ok(home.map_or_else(|| watch::channel(0).1, |home| home.group.subscribe()))
    }
}

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

/// The plan for a call that changes these states of a host.
pub(crate) fn plan<H: Host>(host: &H, cells: &[&Cell]) -> Result<Plan, LockError> {
    if cells.iter().any(|cell| cell.home.get().is_none()) {
        settle(&host.cells())?;
    }
    let mut plan = Plan::default();
    for cell in cells {
        if let Some(home) = cell.home.get() {
            plan.borrow(home, Some(cell.copy));
            plan.take(Arc::clone(&home.group.lock));
        }
    }
    Ok(plan)
}

/// Runs code on drafts, and commits them unless it fails.
async fn change<R, E: From<LockError>>(
    plan: Result<Plan, LockError>,
    place: Place,
    run: impl FnOnce(&mut States) -> Result<R, E>,
) -> Result<R, E> {
    let plan = plan?;
    let mut deadline = Deadline::within(DEFAULT_WAIT);
    let (guards, mut states) = plan.begin(place, Runs::Here, &mut deadline).await?;
    let result = run(&mut states)?;
    let retired = plan.commit(&states);
    drop(guards);
    drop(retired);
    Ok(result)
}

/// How a handler borrows a state, for generated code.
pub struct Binding<'h> {
    pub(crate) cell: &'h Cell,
    pub(crate) copy: Option<fn(&Slot) -> Slot>,
}

/// The host's state `S`, borrowed as `&S`.
pub fn reads<S: 'static, H: Provides<S>>(host: &H) -> Binding<'_> {
    Binding {
        cell: Provides::<S>::shared(host).cell(),
        copy: None,
    }
}

/// The host's state `S`, borrowed as `&mut S`.
pub fn writes<S: 'static, H: Provides<S>>(host: &H) -> Binding<'_> {
    let cell = Provides::<S>::shared(host).cell();
    Binding {
        cell,
        copy: Some(cell.copy),
    }
}
