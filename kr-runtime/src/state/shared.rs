//! The handle to a shared state.

use super::cell::StateCell;
use super::host_field::HostField;
use super::shared_state::SharedState;
use super::state_type::StateType;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

/// A handle to a shared state: a field of the [`Host`](crate::Host).
///
/// Clones are handles to the same state. To share a state between two applications of a process, put a clone of the
/// handle into the second one's host; the lock comes with it.
///
/// ```
/// use kr_runtime::prelude::*;
///
/// #[derive(Clone, SharedState)]
/// #[shared_state(lock = "visits")]
/// struct Visits(u64);
///
/// #[derive(Host)]
/// struct Site {
///     visits: Shared<Visits>,
/// }
///
/// # fn main() -> Result<(), kr_runtime::ReadError> {
/// let site = Site { visits: Shared::new(Visits(0)) };
/// assert_eq!(site.latest::<Visits>()?.0, 0);
/// # Ok(())
/// # }
/// ```
pub struct Shared<S> {
    cell: Arc<StateCell>,
    state: PhantomData<fn() -> S>,
}

impl<S: SharedState> Shared<S> {
    /// A shared state with its initial value.
    #[must_use]
    pub fn new(initial: S) -> Self {
        let cell = StateCell {
            state_type: StateType::of::<S>(),
            initial: Arc::new(initial),
            address: OnceLock::new(),
            locks: OnceLock::new(),
        };
        Self {
            cell: Arc::new(cell),
            state: PhantomData,
        }
    }
}

impl<S> Shared<S> {
    pub(crate) fn cell(&self) -> &StateCell {
        &self.cell
    }

    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn field(&self) -> HostField<'_> {
        HostField::Single(&self.cell)
    }
}

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self {
            cell: Arc::clone(&self.cell),
            state: PhantomData,
        }
    }
}

impl<S> fmt::Debug for Shared<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("name", &self.cell.state_type.name)
            .field("lock", &self.cell.state_type.lock)
            .finish_non_exhaustive()
    }
}
