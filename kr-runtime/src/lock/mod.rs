//! Named locks: exclusive, first come first served, with a deadline on every wait.
//!
//! A [`Lock`] is a name, a wait queue, and one value of any type that it guards. Requests join the queue, are granted the
//! lock in order, and leave when they are dropped or time out. The locks of one call are taken in one global order.
//!
//! Uses `sync`. Never knows a state, a store or HTTP: what a lock guards is a type parameter.

mod acquire;
#[cfg(feature = "operations")]
mod blocked;
pub(crate) mod blocking;
mod call_site;
mod entry;
mod error;
mod guard;
mod handle;
mod key;
mod key_reader;
mod lock_key;
mod lock_order;
#[cfg(feature = "operations")]
mod look;
mod named_lock;
mod queue;
mod request;
mod status;
mod stored_key;
mod table;
mod task;
mod template;
mod wait_policy;
#[cfg(feature = "operations")]
mod wait_queue;
mod waiter;

pub(crate) use acquire::{acquire, acquire_all};
#[cfg(feature = "operations")]
pub(crate) use blocked::{WaitGraph, address_of};
pub(crate) use call_site::CallSite;
pub use call_site::Label;
pub(crate) use entry::Entry;
pub use error::LockError;
pub(crate) use guard::{Guards, Held, LockRef};
pub(crate) use handle::{HasLock, LockHandle};
pub(crate) use key::Key;
pub use key_reader::KeyReader;
pub use lock_key::{KeyProbe, LockKey, NotKey};
pub(crate) use named_lock::{Acquisition, Lock, LockOwner, NamedLock, time_out};
pub(crate) use queue::WaiterId;
pub(crate) use request::{Holder, LockRequest};
pub use status::{HolderStatus, LockCounters, LockStatus};
pub(crate) use stored_key::Element;
pub use stored_key::{StoredKeyReader, StoredKeyWriter};
pub(crate) use table::{LockSource, Table};
pub(crate) use task::Task;
pub(crate) use task::spawn;
pub use template::KeyWriter;
pub(crate) use template::Template;
pub(crate) use wait_policy::{DEFAULT_LOCK_TIMEOUT, WaitLimits, WaitPolicy};
