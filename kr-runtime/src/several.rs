//! Several states of a host at once.

use crate::checks::{Borrowed, borrowed_once};
use crate::draft::Each;
use crate::host::{Host, Provides};
use crate::shared::{Cell, SharedState};

/// A tuple of two to four different states of the host `H`, for [`Host::update_many`].
pub trait Several<H: Host> {
    /// A `&mut` to the draft of each.
    type Drafts<'d>;

    #[doc(hidden)]
    fn cells(host: &H) -> Vec<&Cell>;

    #[doc(hidden)]
    fn drafts<'d>(each: &mut Each<'d>) -> Self::Drafts<'d>;
}

const fn borrowed<S: SharedState>() -> Borrowed {
    Borrowed {
        name: S::NAME,
        lock: S::LOCK,
        id: S::ID,
    }
}

macro_rules! several {
    ($($state:ident)*; $($one:ident != $other:ident),*) => {
        impl<H, $($state: SharedState),*> Several<H> for ($($state,)*)
        where
            H: Host $(+ Provides<$state>)*,
        {
            type Drafts<'d> = ($(&'d mut $state,)*);

            fn cells(host: &H) -> Vec<&Cell> {
                const { $(borrowed_once("update_many", &borrowed::<$one>(), &borrowed::<$other>());)* }
                vec![$(Provides::<$state>::shared(host).cell()),*]
            }

            fn drafts<'d>(each: &mut Each<'d>) -> Self::Drafts<'d> {
                ($(each.write::<$state>(),)*)
            }
        }
    };
}

several!(A B; A != B);
several!(A B C; A != B, A != C, B != C);
several!(A B C D; A != B, A != C, A != D, B != C, B != D, C != D);
