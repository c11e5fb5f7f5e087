//! Named locks: exclusive, first come first served, with a deadline on every wait.

pub(crate) mod blocking;
pub(crate) mod call_site;
pub(crate) mod entry;
pub(crate) mod error;
pub(crate) mod guard;
pub(crate) mod key;
pub(crate) mod lock_key;
pub(crate) mod lock_order;
pub(crate) mod named_lock;
pub(crate) mod queue;
pub(crate) mod request;
pub(crate) mod status;
pub(crate) mod table;
pub(crate) mod task;
pub(crate) mod template;
pub(crate) mod wait_policy;
pub(crate) mod waiter;

pub(crate) use call_site::Place;
pub(crate) use entry::Inside;
pub use error::LockError;
pub use guard::LockGuard;
pub(crate) use guard::{Guards, Held, Holder};
pub(crate) use key::Key;
pub use lock_key::LockKey;
pub(crate) use named_lock::{DEFAULT_WAIT, Lock, Seen, acquire, acquire_all};
pub(crate) use queue::Ticket;
pub(crate) use request::Asker;
pub use status::{HolderStatus, LockStatus, Totals};
pub use table::Locks;
pub(crate) use task::Owner;
pub use task::spawn;
pub use template::KeyText;
pub(crate) use template::Template;
pub(crate) use wait_policy::Deadline;
