//! Changes that code makes outside of handlers.

use crate::host::by_type::{Host, Provides};
use crate::lock::{DEFAULT_WAIT, Deadline, Lock, LockError, Place};
use crate::state::registration::{Home, settle};
use crate::state::shared::{Cell, SharedState};
use crate::store::lock_group::Group;
use crate::transaction::access_plan::{Guarded, How, Plan};
use crate::transaction::active::{Runs, States, Work};
use crate::transaction::single_state::One;
use std::marker::PhantomData;
use std::ops::Deref;

/// A plan for states that outlive the call.
pub(crate) type Fixed<'h> = Plan<&'h Group, &'h Lock>;

/// A state of a host. The error is boxed, since it is in the future that the caller gets, and futures are copied around.
pub(crate) fn one<S, H>(host: &H) -> Result<One<&Group, S>, Box<LockError>>
where
    S: SharedState,
    H: Provides<S>,
{
    let home = home(host, host.shared().cell())?;
    Ok(One {
        group: &home.group,
        slot: home.slot,
        state: PhantomData,
    })
}

/// The plan for a call that puts another value into a state's place.
pub(crate) fn replacing<'h, H: Host>(
    host: &'h H,
    cell: &'h Cell,
) -> Result<Fixed<'h>, Box<LockError>> {
    let home = home(host, cell)?;
    let mut plan = Plan::default();
    plan.borrow(&*home.group, home.slot, How::Replaced);
    plan.take(&*home.group.lock);
    Ok(plan)
}

fn home<'h, H: Host>(host: &H, cell: &'h Cell) -> Result<&'h Home, Box<LockError>> {
    if cell.home.get().is_none() {
        settle(&host.parts())?;
    }
    Ok(cell.home.get().expect("a settled state has its place"))
}

/// Runs code on drafts, and commits them unless it fails.
pub(crate) async fn change<G, L, R, E>(
    plan: &Plan<G, L>,
    place: Place,
    run: impl FnOnce(&mut States) -> Result<R, E>,
) -> Result<R, E>
where
    G: Guarded,
    L: Deref<Target = Lock> + Clone,
    E: From<LockError>,
{
    let mut deadline = Deadline::within(DEFAULT_WAIT);
    let mut work = Work::begin(plan, place, Runs::Here, &mut deadline).await?;
    let result = run(&mut work.states)?;
    work.commit();
    work.release();
    Ok(result)
}

/// As [`change`], with a thread that waits.
pub(crate) fn change_blocking<G, L, R, E>(
    plan: &Plan<G, L>,
    place: Place,
    run: impl FnOnce(&mut States) -> Result<R, E>,
) -> Result<R, E>
where
    G: Guarded,
    L: Deref<Target = Lock> + Clone,
    E: From<LockError>,
{
    let mut deadline = Deadline::within(DEFAULT_WAIT);
    let mut work = Work::begin_blocking(plan, place, &mut deadline)?;
    let result = run(&mut work.states)?;
    work.commit();
    work.release();
    Ok(result)
}
