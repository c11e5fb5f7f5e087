//! Several states at once, for [`Host::update_many`](crate::Host::update_many).

use crate::check::{Borrowed, borrowed_once};
use crate::lock::lock_key::LockKey;
use crate::lock::{Lock, LockError};
use crate::state::instance_ref::At;
use crate::state::registration::{Part, settle};
use crate::state::shared::{Kind, Shared, SharedState};
use crate::store::key_map::Entered;
use crate::store::key_space::Instance;
use crate::store::lock_group::{Group, Slots};
use crate::transaction::access_plan::{Guarded, How, Plan};
use crate::transaction::active::Each;
use std::sync::Arc;

/// A plan for states of both sorts.
pub(crate) type Mixed = Plan<Member, Arc<Lock>>;

/// The group of a state, or that of an instance of a keyed one.
pub(crate) enum Member {
    One(Arc<Group>),
    Of(Entered<Instance>),
}

/// A state that a call changes: `&Shared<S>`, a field of the host, or `SharedMap::at(key)`.
pub trait Pick {
    /// The state's type.
    type State: SharedState;

    /// Whether it is one of many.
    #[doc(hidden)]
    const KEYED: bool;

    #[doc(hidden)]
    #[expect(private_interfaces, reason = "nobody else implements it")]
    fn pick(self) -> Result<(Member, usize, Kind), LockError>;
}

/// A tuple of two to four states, for [`Host::update_many`](crate::Host::update_many).
pub trait Several {
    /// A `&mut` to the draft of each.
    type Drafts<'d>;

    #[doc(hidden)]
    #[expect(private_interfaces, reason = "nobody else implements it")]
    fn plan(self) -> Result<Mixed, LockError>;

    #[doc(hidden)]
    fn drafts<'d>(each: &mut Each<'d>) -> Self::Drafts<'d>;
}

#[expect(private_interfaces, reason = "nobody else implements it")]
impl<S: SharedState> Pick for &Shared<S> {
    type State = S;

    const KEYED: bool = false;

    fn pick(self) -> Result<(Member, usize, Kind), LockError> {
        let cell = self.cell();
        if cell.home.get().is_none() {
            settle(&[Part::One(cell)])?;
        }
        let home = cell.home.get().expect("a settled state has its place");
        Ok((Member::One(Arc::clone(&home.group)), home.slot, cell.kind))
    }
}

#[expect(private_interfaces, reason = "nobody else implements it")]
impl<K: LockKey, S: SharedState> Pick for At<K, S> {
    type State = S;

    const KEYED: bool = true;

    fn pick(self) -> Result<(Member, usize, Kind), LockError> {
        Ok((Member::Of(self.entered), self.slot, self.kind))
    }
}

/// Adds a picked state.
fn add(plan: &mut Mixed, picked: impl Pick) -> Result<(), LockError> {
    let (member, slot, kind) = picked.pick()?;
    let lock = Arc::clone(&member.group().lock);
    let group = std::ptr::from_ref(member.group());
    let is_known = plan.borrows.iter().any(|borrow| {
        borrow.slot == slot && std::ptr::eq(plan.groups[borrow.group].group(), group)
    });
    if is_known {
        return Err(LockError::Twice {
            lock: lock.key().as_str().to_owned(),
            state: kind.name.to_owned(),
        });
    }
    plan.borrow(member, slot, How::Draft(kind.copy));
    plan.take(lock);
    Ok(())
}

const fn differ<A: Pick, B: Pick>() {
    if !A::KEYED && !B::KEYED {
        borrowed_once(
            "update_many",
            &borrowed::<A::State>(),
            &borrowed::<B::State>(),
        );
    }
}

const fn borrowed<S: SharedState>() -> Borrowed {
    Borrowed {
        name: S::NAME,
        lock: S::LOCK,
        id: S::ID,
    }
}

macro_rules! several {
    ($($pick:ident)*; $($one:ident != $other:ident),*) => {
        #[expect(private_interfaces, reason = "nobody else implements it")]
        impl<$($pick: Pick),*> Several for ($($pick,)*) {
            type Drafts<'d> = ($(&'d mut $pick::State,)*);

            fn plan(self) -> Result<Mixed, LockError> {
                const { $(differ::<$one, $other>();)* }
                let mut plan = Plan::default();
                #[allow(non_snake_case)]
                let ($($pick,)*) = self;
                $(add(&mut plan, $pick)?;)*
                Ok(plan)
            }

            fn drafts<'d>(each: &mut Each<'d>) -> Self::Drafts<'d> {
                ($(each.write::<$pick::State>(),)*)
            }
        }
    };
}

several!(A B; A != B);
several!(A B C; A != B, A != C, B != C);
several!(A B C D; A != B, A != C, A != D, B != C, B != D, C != D);

impl Guarded for Member {
    fn group(&self) -> &Group {
        match self {
            Self::One(group) => group,
            Self::Of(entered) => entered.group(),
        }
    }

    fn prepare(&self) {
        if let Self::Of(entered) = self {
            entered.prepare();
        }
    }

    fn committed(&self) {
        if let Self::Of(entered) = self {
            entered.committed();
        }
    }

    fn seeds(&self) -> Slots {
        match self {
            Self::One(_) => Slots::new(),
            Self::Of(entered) => Guarded::seeds(entered),
        }
    }
}
