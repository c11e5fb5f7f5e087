//! A shared state and the handle to it.

use crate::group::Slot;
use crate::home::Home;
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

/// A type whose one committed value a whole application shares, guarded by one lock.
///
/// Derive it: the attribute names the lock, as a literal or a path to a `const`.
///
/// ```
/// use kr_runtime::prelude::*;
///
/// #[derive(Clone, SharedState)]
/// #[shared_state(lock = "shop:prices")]
/// struct Prices {
///     bike_per_hour: u32,
/// }
///
/// assert_eq!(Prices::NAME, "Prices");
/// assert_eq!(Prices::LOCK, "shop:prices");
/// ```
///
/// `Clone` makes the private copy that a `&mut` handler works on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a shared state type",
    label = "borrowed arguments are shared state",
    note = "take an extractor by value, without `&`; or derive `SharedState` for `{Self}` [KR0207]"
)]
pub trait SharedState: Clone + Send + Sync + 'static {
    /// The name that tools and messages use: the type's own, unless `#[shared_state(name = "…")]` says otherwise.
    const NAME: &'static str;
    /// The key of the lock that guards it, as written.
    const LOCK: &'static str;
    /// Tells types of the same name apart.
    #[doc(hidden)]
    const ID: &'static str;
}

/// A handle to a shared state: a field of the [`Host`](crate::Host).
///
/// Clones are handles to the same state. To share a state between two applications of a process, put a clone of the
/// handle into the second one's host; it brings its lock along.
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
/// let site = Site { visits: Shared::new(Visits(0)) };
/// assert_eq!(site.read::<Visits>().0, 0);
/// ```
pub struct Shared<S> {
    cell: Arc<Cell>,
    state: PhantomData<fn() -> S>,
}

/// What a handle points to, whatever the type of the state.
#[doc(hidden)]
pub struct Cell {
    pub(crate) name: &'static str,
    pub(crate) lock: &'static str,
    pub(crate) copy: fn(&Slot) -> Slot,
    pub(crate) seed: Slot,
    pub(crate) home: OnceLock<Home>,
}

impl<S: SharedState> Shared<S> {
    /// A shared state with its first value.
    #[must_use]
    pub fn new(seed: S) -> Self {
        let cell = Cell {
            name: S::NAME,
            lock: S::LOCK,
            copy: copy::<S>,
            seed: Arc::new(seed),
            home: OnceLock::new(),
        };
        Self {
            cell: Arc::new(cell),
            state: PhantomData,
        }
    }
}

impl<S> Shared<S> {
    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn cell(&self) -> &Cell {
        &self.cell
    }
}

/// Makes the draft of a committed value.
fn copy<S: SharedState>(committed: &Slot) -> Slot {
    Arc::new(downcast::<S>(committed.as_ref()).clone())
}

/// A slot keeps the type of the handle that it was made from, and only code made for that type asks for it.
pub(crate) fn downcast<S: 'static>(value: &(dyn Any + Send + Sync)) -> &S {
    value
        .downcast_ref()
        .expect("a slot holds the type of its handle")
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
            .field("name", &self.cell.name)
            .field("lock", &self.cell.lock)
            .finish_non_exhaustive()
    }
}
