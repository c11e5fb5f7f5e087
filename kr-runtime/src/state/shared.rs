//! A shared state and the handle to it.

use crate::host::by_name::NamedError;
use crate::state::registration::{Home, Part};
use crate::store::counter::{Counter, afresh};
use crate::store::lock_group::Slot;
use crate::transaction::access_plan::CounterOf;
use serde::Serialize;
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
    label = "only shared state can be borrowed, or held by a host",
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
    /// What the derive has found out about the type.
    #[doc(hidden)]
    const TRAITS: Traits = Traits::NONE;
}

/// What the derive finds out about the type of a state.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Traits {
    /// Its fields that may be counters.
    pub counters: &'static [CounterField],
    /// How to write it as JSON, if it can be written.
    pub json: Option<JsonOf>,
}

/// A field of a state whose type is called `Counter`.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct CounterField {
    /// The field's name.
    pub name: &'static str,
    /// Whether the type is the one that is meant.
    pub is_counter: bool,
    /// Finds it in a state.
    pub find: CounterOf,
}

/// Writes a state as JSON.
pub(crate) type JsonOf = fn(&(dyn Any + Send + Sync)) -> serde_json::Result<serde_json::Value>;

impl Traits {
    pub(crate) const NONE: Self = Self {
        counters: &[],
        json: None,
    };
}

/// Finds out whether a type can be written as JSON: what the type itself has wins over what a trait brings.
#[doc(hidden)]
pub struct Probe<S>(PhantomData<S>);

impl<S: Serialize + 'static> Probe<S> {
    /// It can.
    pub const JSON: Option<JsonOf> = Some(|state| serde_json::to_value(downcast::<S>(state)));
}

/// What a type that cannot be written has.
#[doc(hidden)]
pub trait Unwritten {
    /// It cannot.
    const JSON: Option<JsonOf> = None;
}

impl<S> Unwritten for Probe<S> {}

impl Probe<Counter> {
    /// It is one.
    pub const IS_COUNTER: bool = true;
}

/// What a type that is no counter has.
#[doc(hidden)]
pub trait NoCounter {
    /// It is none.
    const IS_COUNTER: bool = false;
}

impl<S> NoCounter for Probe<S> {}

/// A field as the counter that it is.
///
/// # Panics
/// If it is none, which is asked for first.
#[doc(hidden)]
pub fn as_counter(field: &(dyn Any + Send + Sync)) -> &Counter {
    field.downcast_ref().expect("a counter")
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
    pub(crate) kind: Kind,
    pub(crate) seed: Slot,
    pub(crate) home: OnceLock<Home>,
}

/// What is known of a state from its type.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// The key of its lock, as written.
    pub(crate) lock: &'static str,
    /// Makes a draft of a value.
    pub(crate) copy: fn(&Slot) -> Slot,
    /// Makes a value with counters of its own.
    pub(crate) afresh: fn(&Slot) -> Slot,
    pub(crate) traits: Traits,
}

impl Kind {
    pub(crate) const fn of<S: SharedState>() -> Self {
        Self {
            name: S::NAME,
            lock: S::LOCK,
            copy: |committed| Arc::new(downcast::<S>(committed.as_ref()).clone()),
            afresh: |seed| Arc::new(afresh(downcast::<S>(seed.as_ref()))),
            traits: S::TRAITS,
        }
    }

    /// The value as JSON, if the type can be written.
    pub(crate) fn json(&self, value: &Slot) -> Result<serde_json::Value, NamedError> {
        let write = self
            .traits
            .json
            .ok_or(NamedError::Unwritten { state: self.name })?;
        write(value.as_ref()).map_err(|error| NamedError::Json {
            state: self.name,
            reason: error.to_string(),
        })
    }
}

impl<S: SharedState> Shared<S> {
    /// A shared state with its first value.
    #[must_use]
    pub fn new(seed: S) -> Self {
        let cell = Cell {
            kind: Kind::of::<S>(),
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
    pub(crate) fn cell(&self) -> &Cell {
        &self.cell
    }

    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub fn part(&self) -> Part<'_> {
        Part::One(&self.cell)
    }
}

/// A slot keeps the type of the handle that it was made from, and only code made for that type asks for it.
///
/// # Panics
/// If it is of another type.
pub fn downcast<S: 'static>(value: &(dyn Any + Send + Sync)) -> &S {
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
            .field("name", &self.cell.kind.name)
            .field("lock", &self.cell.kind.lock)
            .finish_non_exhaustive()
    }
}
