//! A keyed state, whatever the type of its key is.

use super::state_type::StateType;
#[cfg(feature = "operations")]
use crate::store::InstanceList;
use crate::store::{AnyKeySpace, StateLocks};
use std::any::{Any, TypeId};
use std::sync::{Arc, OnceLock};

/// A keyed state of a host, whatever the type of its key is.
#[doc(hidden)]
#[expect(private_interfaces, reason = "nobody else implements it")]
pub trait KeyedState: Send + Sync {
    fn state_type(&self) -> &StateType;

    /// The type of its keys, and the type's name.
    fn key_type(&self) -> (TypeId, &'static str);

    /// The lock table of its host.
    fn locks(&self) -> &OnceLock<Arc<StateLocks>>;

    /// Where its instances are, and its index in each.
    fn key_space(&self) -> Option<(Arc<dyn AnyKeySpace>, usize)>;

    /// Its instances in pages, for tools, and its index in each.
    #[cfg(feature = "operations")]
    fn list(&self) -> Option<(Arc<dyn InstanceList>, usize)>;

    /// Its instances are in a store from now on, and leave memory when nobody uses them.
    fn start_eviction(&self);

    /// As [`key_space`](Self::key_space), for states with the same type of key.
    fn typed_key_space(&self) -> Option<Arc<dyn Any + Send + Sync>>;

    /// Joins a key space, or makes one. `None` if that one has keys of another type.
    fn join(
        &self,
        key_space: Option<Arc<dyn Any + Send + Sync>>,
    ) -> Option<Arc<dyn Any + Send + Sync>>;
}
