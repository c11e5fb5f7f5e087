//! The trait of shared state, and what its derive finds out about a type.

use crate::store::{CounterField, Upgrade};
use std::any::Any;

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
    note = "derive `Clone` and `SharedState` for `{Self}` [KR0207]"
)]
pub trait SharedState: Clone + Send + Sync + 'static {
    /// The name in messages and tools: the type's own, unless `#[shared_state(name = "…")]` says otherwise.
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

/// What the derive finds out about a state's type.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Traits {
    /// Its fields that may be counters.
    pub counters: &'static [CounterField],
    /// How to write a value as JSON, if the type is `Serialize`.
    pub json: Option<ToJson>,
    /// What is not shown of it to those who operate the service.
    pub secrets: Secrets,
    /// How its values go into a snapshot of the whole host; not at all if it is `transient`.
    pub snapshot: Option<SnapshotForm>,
    /// The version of the type.
    pub version: u32,
}

/// How values go into a snapshot of the whole host.
#[cfg(feature = "operations")]
pub(crate) type SnapshotForm = super::snapshot_codec::SnapshotCodec;

/// Values go into no snapshot of the whole host.
#[doc(hidden)]
#[cfg(not(feature = "operations"))]
#[derive(Clone, Copy)]
pub enum SnapshotForm {}

/// For generated code: how values go into a snapshot, of a type that can take what its earlier versions have left.
#[doc(hidden)]
#[must_use]
pub const fn with_upgrade(form: Option<SnapshotForm>, upgrade: Upgrade) -> Option<SnapshotForm> {
    #[cfg(feature = "operations")]
    if let Some(codec) = form {
        return Some(codec.upgraded_by(upgrade));
    }
    let _ = upgrade;
    form
}

/// What is not shown of a state to those who operate the service.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Secrets {
    /// All of it.
    pub all: bool,
    /// Members of its JSON, by name, or by number in a list.
    pub members: &'static [&'static str],
}

/// Writes a value as JSON.
#[doc(hidden)]
pub(crate) type ToJson = fn(&(dyn Any + Send + Sync)) -> serde_json::Result<serde_json::Value>;

impl Traits {
    pub(crate) const NONE: Self = Self {
        counters: &[],
        json: None,
        secrets: Secrets {
            all: false,
            members: &[],
        },
        snapshot: None,
        version: 1,
    };
}
