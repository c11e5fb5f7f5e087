//! Hosts whose states a store can keep.

use super::by_type::Host;
use crate::store::{Durable, Storage, Volatile};

/// A host whose states a store other than memory can keep: each is `Serialize` and `Deserialize`, or `transient`. The
/// derive of [`Host`] implements it where that is so.
pub trait StoredHost: Host {
    /// How each state is kept, in the order of the fields.
    #[doc(hidden)]
    fn storage(&self) -> Vec<Option<Storage>>;
}

/// A host whose states a store of the kind `K` can keep: any host for a store in memory, a [`StoredHost`] for others.
pub trait KeptBy<K>: Host {
    /// How each state is kept, in the order of the fields.
    #[doc(hidden)]
    fn kept(&self) -> Vec<Option<Storage>>;
}

impl<H: Host> KeptBy<Volatile> for H {
    fn kept(&self) -> Vec<Option<Storage>> {
        Vec::new()
    }
}

impl<H: StoredHost> KeptBy<Durable> for H {
    fn kept(&self) -> Vec<Option<Storage>> {
        self.storage()
    }
}
