//! Hosts whose states a store can keep.

use super::by_type::Host;
use crate::store::{Durable, Storage, Store, Volatile};

/// A host whose states a store other than memory can keep: each is `Serialize` and `Deserialize`, or `transient`. The
/// derive of [`Host`] implements it where that is so.
pub trait StoredHost: Host {
    /// How each state is kept, in the order of the fields.
    #[doc(hidden)]
    fn storage(&self) -> Vec<Option<Storage>>;
}

/// A store that can keep the states of a host: [`Store::memory`] those of any host, other stores those of a
/// [`StoredHost`].
pub trait StoreFor<H> {
    /// The store, whatever it asks of types, and how each state is kept, in the order of the fields.
    #[doc(hidden)]
    fn keep(self, host: &H) -> (Store<Volatile>, Vec<Option<Storage>>);
}

impl<H: Host> StoreFor<H> for Store<Volatile> {
    fn keep(self, _: &H) -> (Store<Volatile>, Vec<Option<Storage>>) {
        (self, Vec::new())
    }
}

impl<H: StoredHost> StoreFor<H> for Store<Durable> {
    fn keep(self, host: &H) -> (Store<Volatile>, Vec<Option<Storage>>) {
        (self.erased(), host.storage())
    }
}
