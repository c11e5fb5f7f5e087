//! The states of a host by their types.

use super::address::{self, find, single};
use super::by_name::{self, StateByNameError, StateInfo};
use super::multi_state::{StateTuple, read_plan, update_plan};
#[cfg(feature = "operations")]
use super::whole::{
    self, HostSnapshot, HostSnapshotError, RestorePreview, Restored, SnapshotProgress,
};
use crate::lock::{CallSite, LockError, LockStatus, WaitPolicy};
use crate::state::{Committed, HostField, Shared, SharedState, latest_value, read_value};
use crate::store::{Counters, GroupRef, ReadError, UpdateError, Value, statuses};
use crate::sync::block_on::{assert_may_block, block_on};
use crate::transaction::{
    AccessPlan, NotResult, NotUpdate, UpdateOutcome, update, update_blocking, update_if_changed,
    update_one,
};
use std::sync::Arc;
use tokio::sync::watch;

/// The struct that holds an application's shared states. (Not the `Host` header of HTTP.) Derive it; each field is a
/// [`Shared<S>`](Shared) or a [`SharedMap<K, S>`](crate::SharedMap).
///
/// Handlers are checked against it: one that borrows a state that the host lacks does not compile.
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
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), kr_runtime::ReadError> {
/// let shop = Shop { stock: Shared::new(Stock(3)), sold: Shared::new(Sold(0)) };
/// assert_eq!(shop.read::<Stock>().await?.0, 3);
/// # Ok(())
/// # }
/// ```
///
/// Outside a handler, use these methods. Inside one, take the state as an argument instead.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a host of shared states",
    label = "this is not a host",
    note = "derive `Host` for `{Self}`, a struct with a `Shared<S>` field for each state [KR0404]"
)]
pub trait Host: Sized + Send + Sync + 'static {
    /// For the runtime; the derive writes it.
    #[doc(hidden)]
    fn fields(&self) -> Vec<HostField<'_>>;

    /// The counters of its states, for the compiler's checks; the derive writes it.
    #[doc(hidden)]
    const COUNTERS: Counters = &[];

    /// The committed value of a state: every commit that was answered before this call is in it.
    ///
    /// It takes no lock and waits for no writer. It waits for the store, if that has to be asked, and for a
    /// [change in place](macro@crate::locked) to end.
    ///
    /// # Errors
    /// [`ReadError`] if the state is damaged, or is changed in place for longer than 30 seconds.
    fn read<S: SharedState>(&self) -> impl Future<Output = Result<Committed<S>, ReadError>> + Send
    where
        Self: Provides<S>,
    {
        let cell = Provides::<S>::shared(self).cell();
        async move {
            let value = match cell.address.get() {
                Some(address) => read_value(&address.group, address.index, false).await?,
                None => None,
            };
            let value = value.unwrap_or_else(|| (Arc::clone(&cell.initial), 0));
            Ok(Committed::new(value))
        }
    }

    /// The newest committed value that this process knows, at once.
    ///
    /// With a store that only this process writes to, that is what [`read`](Self::read) returns.
    ///
    /// # Errors
    /// [`ReadError`] if the state is being changed in place or is damaged.
    fn latest<S: SharedState>(&self) -> Result<Committed<S>, ReadError>
    where
        Self: Provides<S>,
    {
        let cell = Provides::<S>::shared(self).cell();
        let value = match cell.address.get() {
            Some(address) => latest_value(&address.group, address.index, false)?,
            None => None,
        };
        let value = value.unwrap_or_else(|| (Arc::clone(&cell.initial), 0));
        Ok(Committed::new(value))
    }

    /// As [`read`](Self::read), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    ///
    /// # Panics
    /// On a thread that drives async tasks.
    fn blocking_read<S: SharedState>(&self) -> Result<Committed<S>, ReadError>
    where
        Self: Provides<S>,
    {
        assert_may_block();
        block_on(self.read())
    }

    /// The committed values of several states, all of one moment: a commit that changed several of them is in all of the
    /// values or in none. See [`update_many`](Self::update_many) for how to name them.
    ///
    /// # Errors
    /// As [`read`](Self::read), or [`LockError::SplitAcrossHosts`], [`LockError::KeyTypeMismatch`].
    fn read_many<M: StateTuple>(
        &self,
        states: M,
    ) -> impl Future<Output = Result<M::Committed, ReadError>> + Send {
        let plan = read_plan(self.fields(), states);
        async move {
            let plan = plan?;
            let mut policy = WaitPolicy::OF_LOCK;
            let (arguments, revisions) = plan
                .read(&mut policy, None, AccessPlan::load_durable_at)
                .await?;
            let groups = plan.accesses.iter().map(|access| access.group);
            let revisions = groups.map(|group| revisions[group].revision);
            Ok(M::committed(&mut arguments.into_values().zip(revisions)))
        }
    }

    /// The locks of the host's states: the holder of each, how many requests wait, and what has happened to it.
    ///
    /// [`Locks::list`](crate::Locks::list) of [`App::locks`](crate::App::locks) has the other locks of an application as
    /// well.
    fn locks(&self) -> Vec<LockStatus> {
        // A state that has not been used yet has no lock that could be held.
        let mut list = Vec::new();
        for field in self.fields() {
            match field {
                HostField::Single(cell) => {
                    list.extend(
                        cell.address
                            .get()
                            .map(|address| address.group.lock.status()),
                    );
                }
                HostField::Keyed(keyed) => {
                    if let Some((key_space, _)) = keyed.key_space() {
                        list.extend(statuses(key_space.locks()));
                    }
                }
            }
        }
        list.sort_by(|one, other| one.lock.cmp(&other.lock));
        list.dedup_by(|one, other| one.lock == other.lock);
        list
    }

    #[doc = include_str!("../../docs/host/update.md")]
    #[track_caller]
    fn update<S, R, UseTryUpdate>(
        &self,
        change: impl FnOnce(&mut S) -> R + Send,
    ) -> impl Future<Output = Result<R, UpdateError>> + Send
    where
        S: SharedState,
        R: NotResult<UseTryUpdate> + Send,
        Self: Provides<S>,
    {
        let call_site = CallSite::here();
        let state = single::<S>(Provides::<S>::shared(self).cell(), || self.fields());
        update_one(state, call_site, |state| Ok(change(state)))
    }

    /// As [`update`](Self::update), but `Err` rolls back, as it does in a handler.
    ///
    /// # Errors
    /// [`UpdateError`], converted, if the lock was not granted or the store did not keep the change; otherwise whatever
    /// `change` returns.
    #[track_caller]
    fn try_update<S, R, E, UseUpdateIfChanged>(
        &self,
        change: impl FnOnce(&mut S) -> Result<R, E> + Send,
    ) -> impl Future<Output = Result<R, E>> + Send
    where
        S: SharedState,
        R: NotUpdate<UseUpdateIfChanged> + Send,
        E: From<UpdateError> + Send,
        Self: Provides<S>,
    {
        let call_site = CallSite::here();
        let state = single::<S>(Provides::<S>::shared(self).cell(), || self.fields());
        update_one(state, call_site, change)
    }

    #[doc = include_str!("../../docs/host/update_if_changed.md")]
    #[track_caller]
    fn update_if_changed<S, R>(
        &self,
        change: impl FnOnce(&mut S) -> R + Send,
    ) -> impl Future<Output = R::Output> + Send
    where
        S: SharedState,
        R: UpdateOutcome,
        Self: Provides<S>,
    {
        let call_site = CallSite::here();
        let state = single::<S>(Provides::<S>::shared(self).cell(), || self.fields());
        update_if_changed(state, call_site, change)
    }

    /// As [`update`](Self::update), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    ///
    /// # Panics
    /// On a thread that drives async tasks: all of them would wait, perhaps the holder among them.
    #[track_caller]
    fn blocking_update<S, R, UseTryUpdate>(
        &self,
        change: impl FnOnce(&mut S) -> R,
    ) -> Result<R, UpdateError>
    where
        S: SharedState,
        R: NotResult<UseTryUpdate>,
        Self: Provides<S>,
    {
        self.blocking_try_update(|state| Ok(change(state)))
    }

    /// As [`try_update`](Self::try_update), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// As [`try_update`](Self::try_update).
    ///
    /// # Panics
    /// As [`blocking_update`](Self::blocking_update).
    #[track_caller]
    fn blocking_try_update<S, R, E, UseUpdateIfChanged>(
        &self,
        change: impl FnOnce(&mut S) -> Result<R, E>,
    ) -> Result<R, E>
    where
        S: SharedState,
        R: NotUpdate<UseUpdateIfChanged>,
        E: From<UpdateError>,
        Self: Provides<S>,
    {
        let call_site = CallSite::here();
        let state = single::<S>(Provides::<S>::shared(self).cell(), || self.fields());
        let state = state.map_err(|error| UpdateError::from(*error))?;
        state.update_blocking(call_site, change)
    }

    #[doc = include_str!("../../docs/host/update_many.md")]
    #[track_caller]
    fn update_many<M, R, UseTryUpdate>(
        &self,
        states: M,
        change: impl for<'d> FnOnce(M::Drafts<'d>) -> R + Send,
    ) -> impl Future<Output = Result<R, UpdateError>> + Send
    where
        M: StateTuple,
        R: NotResult<UseTryUpdate> + Send,
    {
        self.try_update_many(states, |drafts| Ok(change(drafts)))
    }

    #[doc = include_str!("../../docs/host/try_update_many.md")]
    #[track_caller]
    fn try_update_many<M, R, E, UseUpdateIfChanged>(
        &self,
        states: M,
        change: impl for<'d> FnOnce(M::Drafts<'d>) -> Result<R, E> + Send,
    ) -> impl Future<Output = Result<R, E>> + Send
    where
        M: StateTuple,
        R: NotUpdate<UseUpdateIfChanged> + Send,
        E: From<UpdateError> + Send,
    {
        let call_site = CallSite::here();
        let plan = update_plan(self.fields(), states);
        async move {
            let plan = plan.map_err(UpdateError::from)?;
            update(&plan, call_site, |arguments| {
                change(M::drafts(&mut arguments.iter()))
            })
            .await
        }
    }

    /// As [`update_many`](Self::update_many), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// As [`update_many`](Self::update_many).
    ///
    /// # Panics
    /// As [`blocking_update`](Self::blocking_update).
    #[track_caller]
    fn blocking_update_many<M, R, UseTryUpdate>(
        &self,
        states: M,
        change: impl for<'d> FnOnce(M::Drafts<'d>) -> R,
    ) -> Result<R, UpdateError>
    where
        M: StateTuple,
        R: NotResult<UseTryUpdate>,
    {
        self.blocking_try_update_many(states, |drafts| Ok(change(drafts)))
    }

    /// As [`try_update_many`](Self::try_update_many), for code that is not async: the thread waits.
    ///
    /// # Errors
    /// As [`try_update_many`](Self::try_update_many).
    ///
    /// # Panics
    /// As [`blocking_update`](Self::blocking_update).
    #[track_caller]
    fn blocking_try_update_many<M, R, E, UseUpdateIfChanged>(
        &self,
        states: M,
        change: impl for<'d> FnOnce(M::Drafts<'d>) -> Result<R, E>,
    ) -> Result<R, E>
    where
        M: StateTuple,
        R: NotUpdate<UseUpdateIfChanged>,
        E: From<UpdateError>,
    {
        let call_site = CallSite::here();
        let plan = update_plan(self.fields(), states).map_err(UpdateError::from)?;
        update_blocking(&plan, call_site, |arguments| {
            change(M::drafts(&mut arguments.iter()))
        })
    }

    #[doc = include_str!("../../docs/host/replace.md")]
    #[track_caller]
    fn replace<S>(&self, value: S) -> impl Future<Output = Result<(), UpdateError>> + Send
    where
        S: SharedState,
        Self: Provides<S>,
    {
        let call_site = CallSite::here();
        let cell = Provides::<S>::shared(self).cell();
        let plan = address::replacing(cell, || self.fields());
        async move {
            let value: Value = Arc::new(value);
            update(&plan?, call_site, |arguments| {
                arguments.replace(value);
                Ok(())
            })
            .await
        }
    }

    /// Resets a state to its initial value, waiting in its lock's queue for at most 30 seconds. A damaged state is repaired
    /// by this.
    ///
    /// # Errors
    /// As [`update`](Self::update).
    #[track_caller]
    fn reset<S>(&self) -> impl Future<Output = Result<(), UpdateError>> + Send
    where
        S: SharedState,
        Self: Provides<S>,
    {
        let cell = Provides::<S>::shared(self).cell();
        by_name::reset_single(cell, self.fields(), CallSite::here())
    }

    /// The states of the host, for tools: their names, locks and revisions.
    ///
    /// # Errors
    /// [`ReadError`] if the store cannot be asked; the memory store always can.
    fn states(&self) -> impl Future<Output = Result<Vec<StateInfo>, ReadError>> + Send {
        by_name::states(self.fields())
    }

    #[doc = include_str!("../../docs/host/get_json.md")]
    fn get_json(
        &self,
        name: &str,
    ) -> impl Future<Output = Result<serde_json::Value, StateByNameError>> + Send {
        by_name::json(self.fields(), name)
    }

    /// Resets the state of that name to its initial value. The instances of a keyed state are removed, one after the other.
    ///
    /// # Errors
    /// [`StateByNameError`] if there is no such state, a lock was not granted within 30 seconds, or the store did not keep
    /// the change.
    #[track_caller]
    fn reset_by_name(
        &self,
        name: &str,
    ) -> impl Future<Output = Result<(), StateByNameError>> + Send {
        by_name::reset(self.fields(), name, CallSite::here())
    }

    /// The values of all states at one moment: every commit is in it as a whole or not at all, over all locks and keyed states.
    ///
    /// Nobody waits for longer than it takes to copy pointers. States that are `transient`, and those whose type is not
    /// `Serialize` and `Deserialize`, are [left out](HostSnapshot::left_out).
    ///
    /// # Errors
    /// [`HostSnapshotError`] if a state is damaged, or the store cannot be read.
    #[cfg(feature = "operations")]
    fn snapshot(&self) -> impl Future<Output = Result<HostSnapshot, HostSnapshotError>> + Send {
        whole::take(self.fields())
    }

    /// Reads a document that [`HostSnapshot`] has written: JSON, or CLIXML, also what PowerShell made of it. All of it is
    /// checked.
    ///
    /// # Errors
    /// [`HostSnapshotError`] with the state, its key and the place in the value that cannot be read. A document that is not
    /// complete, of another version of a state, or with a state that the host does not have, is refused as a whole.
    #[cfg(feature = "operations")]
    fn read_snapshot(&self, document: &[u8]) -> Result<HostSnapshot, HostSnapshotError> {
        self.read_snapshot_from(document, |_| ())
    }

    /// As [`read_snapshot`](Self::read_snapshot), from a reader, and tells after each value how far it is. A JSON document is
    /// never in memory as a whole.
    ///
    /// This blocks; in an async function, call it through [`tokio::task::spawn_blocking`].
    ///
    /// # Errors
    /// As [`read_snapshot`](Self::read_snapshot); also if the reader fails.
    #[cfg(feature = "operations")]
    fn read_snapshot_from(
        &self,
        reader: impl std::io::Read,
        mut progress: impl FnMut(SnapshotProgress),
    ) -> Result<HostSnapshot, HostSnapshotError> {
        let mut reader = std::io::BufReader::with_capacity(64 * 1024, reader);
        whole::read_from(&self.fields(), &mut reader, &mut progress)
    }

    /// What putting a snapshot back would do now. States that the snapshot does not have stay as they are; instances of a
    /// keyed state that it does not have are removed.
    ///
    /// # Errors
    /// As [`snapshot`](Self::snapshot).
    #[cfg(feature = "operations")]
    fn preview_restore(
        &self,
        snapshot: HostSnapshot,
    ) -> impl Future<Output = Result<RestorePreview, HostSnapshotError>> + Send {
        whole::preview(self.fields(), snapshot)
    }

    /// Puts a snapshot back: all of it in one commit over all locks, or nothing. Revisions go on upwards, so whoever has an
    /// older value notices.
    ///
    /// # Errors
    /// [`HostSnapshotError::Moved`] if anything was committed since the preview; or a lock was not granted within 30
    /// seconds, or the store did not keep the change. Nothing is changed then.
    #[cfg(feature = "operations")]
    #[track_caller]
    fn restore_all(
        &self,
        preview: RestorePreview,
    ) -> impl Future<Output = Result<Restored, HostSnapshotError>> + Send {
        whole::restore_all(self.fields(), preview, CallSite::here())
    }

    #[doc = include_str!("../../docs/host/subscribe.md")]
    fn subscribe<S>(&self) -> Result<watch::Receiver<u64>, LockError>
    where
        S: SharedState,
        Self: Provides<S>,
    {
        let cell = Provides::<S>::shared(self).cell();
        let address = find(cell, || self.fields())?;
        Ok(GroupRef::subscribe(&address.group))
    }
}

/// A host that holds the state `S`. The derive of [`Host`] implements it for each field.
///
/// It lets a function take any host that has what it needs:
///
/// ```
/// use kr_runtime::prelude::*;
/// use kr_runtime::{Provides, ReadError};
///
/// #[derive(Clone, SharedState)]
/// #[shared_state(lock = "visits")]
/// struct Visits(u64);
///
/// async fn visits(host: &impl Provides<Visits>) -> Result<u64, ReadError> {
///     Ok(host.read::<Visits>().await?.0)
/// }
///
/// #[derive(Host)]
/// struct Site {
///     visits: Shared<Visits>,
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ReadError> {
///
/// assert_eq!(visits(&Site { visits: Shared::new(Visits(3)) }).await?, 3);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no shared state of type `{S}`",
    label = "this borrows `{S}`, which `{Self}` does not hold",
    note = "add a field of type `Shared<{S}>` to `{Self}`, where `{S}` derives `SharedState`; or mount the handler on a host that has one [KR0404]"
)]
pub trait Provides<S>: Host {
    /// The handle to the state.
    fn shared(&self) -> &Shared<S>;
}
