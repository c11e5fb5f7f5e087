//! The host: the struct that holds an application's shared states, read and changed outside handlers.
//!
//! [`Host`] finds its states by type, [`by_name`] by name for tools, and [`StateTuple`] is several of them at once.
//! [`binding`] is how a handler's arguments find theirs, for generated code.
//!
//! Uses `lock`, `store`, `check`, `transaction` and `state`. Never knows HTTP.

mod address;
#[cfg(feature = "operations")]
mod any_host;
pub(crate) mod binding;
mod by_name;
mod by_type;
mod host_probe;
mod multi_state;
mod stored_host;
#[cfg(feature = "operations")]
pub(crate) mod whole;

#[cfg(feature = "operations")]
pub(crate) use any_host::AnyHost;
pub use binding::ProvidesKeyed;
pub(crate) use binding::{Binding, BindingMode};
pub use by_name::{StateByNameError, StateInfo};
pub use by_type::{Host, Provides};
pub use host_probe::{HostProbe, NotHost};
pub(crate) use multi_state::OwnedPlan;
pub use multi_state::{StateRef, StateTuple};
pub use stored_host::{StoreFor, StoredHost};
#[cfg(feature = "operations")]
pub use whole::{HostSnapshot, HostSnapshotError, RestorePreview, Restored, SnapshotProgress};
