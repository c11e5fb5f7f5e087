//! Several states at once, for [`Host::read_many`](crate::Host::read_many) and
//! [`Host::update_many`](crate::Host::update_many).

use crate::check::{BorrowedState, assert_borrowed_once};
use crate::lock::{LockError, LockKey};
use crate::state::{Committed, HostField, InstanceRef, Shared, SharedState, StateType, register};
use crate::store::{GroupHandle, GroupRef, StateLockRef, Value};
use crate::transaction::{AccessMode, AccessPlan, ArgumentIter};
use std::sync::Arc;

/// A plan for states of both kinds.
pub(crate) type OwnedPlan = AccessPlan<GroupHandle, StateLockRef>;

/// A state that a call reads or changes: `&Shared<S>`, a field of the host, or `SharedMap::at(key)`.
pub trait StateRef {
    /// The state's type.
    type State: SharedState;

    /// Whether it is an instance of a keyed state.
    #[doc(hidden)]
    const IS_KEYED: bool;

    #[doc(hidden)]
    #[expect(private_interfaces, reason = "nobody else implements it")]
    fn resolve(self) -> Result<(GroupHandle, usize, StateType), LockError>;
}

/// A tuple of two to four states, for [`Host::read_many`](crate::Host::read_many) and
/// [`Host::update_many`](crate::Host::update_many).
pub trait StateTuple {
    /// A `&mut` to the draft of each.
    type Drafts<'d>;

    /// The committed value of each.
    type Committed;

    #[doc(hidden)]
    #[expect(private_interfaces, reason = "nobody else implements it")]
    fn update_plan(self) -> Result<OwnedPlan, LockError>;

    #[doc(hidden)]
    #[expect(private_interfaces, reason = "nobody else implements it")]
    fn read_plan(self) -> Result<OwnedPlan, LockError>;

    #[doc(hidden)]
    fn drafts<'d>(arguments: &mut ArgumentIter<'d>) -> Self::Drafts<'d>;

    #[doc(hidden)]
    fn committed(values: &mut dyn Iterator<Item = (Value, u64)>) -> Self::Committed;
}

#[expect(private_interfaces, reason = "nobody else implements it")]
impl<S: SharedState> StateRef for &Shared<S> {
    type State = S;

    const IS_KEYED: bool = false;

    fn resolve(self) -> Result<(GroupHandle, usize, StateType), LockError> {
        let cell = self.cell();
        let address = super::address::find(cell, || vec![self.field()])?;
        let group = GroupHandle::Single(Arc::clone(&address.group));
        Ok((group, address.index, cell.state_type))
    }
}

#[expect(private_interfaces, reason = "nobody else implements it")]
impl<K: LockKey, S: SharedState> StateRef for InstanceRef<K, S> {
    type State = S;

    const IS_KEYED: bool = true;

    fn resolve(self) -> Result<(GroupHandle, usize, StateType), LockError> {
        let group = GroupHandle::Instance(self.instance);
        Ok((group, self.index, self.state_type))
    }
}

#[expect(private_interfaces, reason = "nobody else implements it")]
impl<K: LockKey, S: SharedState> StateRef for &InstanceRef<K, S> {
    type State = S;

    const IS_KEYED: bool = true;

    fn resolve(self) -> Result<(GroupHandle, usize, StateType), LockError> {
        let group = GroupHandle::Instance(self.instance.clone());
        Ok((group, self.index, self.state_type))
    }
}

/// The plan of a call that changes several states of a host with these fields.
pub(super) fn update_plan(
    fields: Vec<HostField<'_>>,
    states: impl StateTuple,
) -> Result<OwnedPlan, LockError> {
    register_all(&fields)?;
    states.update_plan()
}

/// The plan of a call that reads several states of a host with these fields.
pub(super) fn read_plan(
    fields: Vec<HostField<'_>>,
    states: impl StateTuple,
) -> Result<OwnedPlan, LockError> {
    register_all(&fields)?;
    states.read_plan()
}

fn register_all(fields: &[HostField<'_>]) -> Result<(), LockError> {
    match fields.iter().all(HostField::is_registered) {
        true => Ok(()),
        false => register(fields).map(drop),
    }
}

/// Adds a state that is changed.
fn add_draft(plan: &mut OwnedPlan, state: impl StateRef) -> Result<(), LockError> {
    let (group, index, state_type) = state.resolve()?;
    let lock = StateLockRef::Of(group.clone());
    let borrowed = std::ptr::from_ref(group.group());
    let is_known = plan.accesses.iter().any(|access| {
        access.index == index && std::ptr::eq(plan.groups[access.group].group(), borrowed)
    });
    if is_known {
        return Err(LockError::DuplicateBorrow {
            lock: lock.key().as_str().to_owned(),
            state: state_type.name.to_owned(),
        });
    }
    add(
        plan,
        group,
        index,
        AccessMode::Draft(state_type.copy),
        state_type,
    )?;
    plan.add_lock(lock);
    Ok(())
}

/// Adds a state that is read.
fn add_read(plan: &mut OwnedPlan, state: impl StateRef) -> Result<(), LockError> {
    let (group, index, state_type) = state.resolve()?;
    add(plan, group, index, AccessMode::Read, state_type)
}

/// A state of another host may be under a lock of the same name, which is another lock.
fn add(
    plan: &mut OwnedPlan,
    group: GroupHandle,
    index: usize,
    mode: AccessMode,
    state_type: StateType,
) -> Result<(), LockError> {
    if plan.has_other_group(group.group()) {
        return Err(LockError::SplitAcrossHosts {
            lock: group.group().lock.key().as_str().to_owned(),
            states: format!("{} and another state", state_type.name),
        });
    }
    plan.add_access(group, index, mode);
    Ok(())
}

const fn assert_differ<A: StateRef, B: StateRef>() {
    if !A::IS_KEYED && !B::IS_KEYED {
        assert_borrowed_once(
            "update_many",
            &borrowed::<A::State>(),
            &borrowed::<B::State>(),
        );
    }
}

const fn borrowed<S: SharedState>() -> BorrowedState {
    BorrowedState {
        name: S::NAME,
        lock: S::LOCK,
        id: S::ID,
        is_state: true,
    }
}

fn next<S: SharedState>(values: &mut dyn Iterator<Item = (Value, u64)>) -> Committed<S> {
    Committed::new(values.next().expect("one value for each state"))
}

macro_rules! state_tuples {
    ($($state:ident)*; $($one:ident != $other:ident),*) => {
        #[expect(private_interfaces, reason = "nobody else implements it")]
        impl<$($state: StateRef),*> StateTuple for ($($state,)*) {
            type Drafts<'d> = ($(&'d mut $state::State,)*);
            type Committed = ($(Committed<$state::State>,)*);

            fn update_plan(self) -> Result<OwnedPlan, LockError> {
                const { $(assert_differ::<$one, $other>();)* }
                let mut plan = AccessPlan::default();
                #[allow(non_snake_case)]
                let ($($state,)*) = self;
                $(add_draft(&mut plan, $state)?;)*
                Ok(plan)
            }

            fn read_plan(self) -> Result<OwnedPlan, LockError> {
                let mut plan = AccessPlan::default();
                #[allow(non_snake_case)]
                let ($($state,)*) = self;
                $(add_read(&mut plan, $state)?;)*
                Ok(plan)
            }

            fn drafts<'d>(arguments: &mut ArgumentIter<'d>) -> Self::Drafts<'d> {
                ($(arguments.write::<$state::State>(),)*)
            }

            fn committed(values: &mut dyn Iterator<Item = (Value, u64)>) -> Self::Committed {
                ($(next::<$state::State>(values),)*)
            }
        }
    };
}

state_tuples!(A B; A != B);
state_tuples!(A B C; A != B, A != C, B != C);
state_tuples!(A B C D; A != B, A != C, A != D, B != C, B != D, C != D);
