//! What a user declares: a type that is shared state, and the handles to it that a host holds.
//!
//! [`Shared`] is one state, [`SharedMap`] one instance for each key. [`register`] brings those of one lock together when
//! their host is first used. A handle reads and changes its state by itself; what a whole host does is in `host`.
//!
//! Uses `lock`, `store`, `check` and `transaction`. Never knows a host's type or HTTP.

mod address;
mod cell;
mod committed;
mod eviction;
mod get_or_init;
mod host_field;
mod instance;
mod instance_limits;
mod instance_ref;
mod instances;
mod keyed_state;
mod listing;
mod map_cell;
#[cfg(feature = "operations")]
mod masked;
mod page;
mod registration;
mod revision;
mod serialize_probe;
mod shared;
mod shared_map;
mod shared_state;
#[cfg(feature = "operations")]
mod snapshot_codec;
mod state_probe;
mod state_type;
mod stored_state;
mod subscription;

pub(crate) use address::Address;
pub(crate) use cell::StateCell;
pub use committed::Committed;
pub(crate) use committed::{latest_value, read_value};
pub use host_field::HostField;
pub(crate) use instance::remove;
pub use instance_ref::InstanceRef;
pub use instances::Instances;
pub use page::Page;
pub(crate) use registration::{attach, register};
pub use revision::Revision;
pub use serialize_probe::{NotCounter, NotSerializable, SerializeProbe, as_counter};
pub use shared::Shared;
pub use shared_map::SharedMap;
pub use shared_state::{Secrets, SharedState, Traits, with_upgrade};
#[cfg(feature = "operations")]
pub(crate) use snapshot_codec::SnapshotCodec;
pub use state_probe::{NotState, StateProbe};
pub(crate) use state_type::StateType;
pub use stored_state::{IsStored, Storable, StoredState, Wrap};
pub use subscription::Subscription;
