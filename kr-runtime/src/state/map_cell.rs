//! What all handles to one keyed state share.

use super::eviction;
use super::keyed_state::KeyedState;
use super::state_type::StateType;
use crate::lock::LockKey;
#[cfg(feature = "operations")]
use crate::store::InstanceList;
use crate::store::{AnyKeySpace, InitialValue, InstanceLimits, KeySpace, StateLocks};
use std::any::{Any, TypeId, type_name};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What all handles to one keyed state share.
pub(super) struct MapCell<K> {
    pub(super) state_type: StateType,
    pub(super) initial: InitialValue<K>,
    /// Of its instances, set before it had an address.
    pub(super) limits: Mutex<Vec<InstanceLimits>>,
    pub(super) address: OnceLock<MapAddress<K>>,
    /// The lock table of its host.
    pub(super) locks: OnceLock<Arc<StateLocks>>,
}

/// Where the instances of a keyed state are, and its index in each.
pub(super) struct MapAddress<K> {
    pub(super) key_space: Arc<KeySpace<K>>,
    pub(super) index: usize,
}

impl<K: LockKey> MapCell<K> {
    /// Its address; if it has none yet, it joins that key space, or makes one.
    pub(super) fn address_in(&self, key_space: Option<Arc<KeySpace<K>>>) -> &MapAddress<K> {
        self.address.get_or_init(|| {
            let key_space = key_space.unwrap_or_else(|| KeySpace::new(self.state_type.lock));
            for limits in self.limits() {
                eviction::limit(&key_space, limits);
            }
            MapAddress {
                index: key_space.add_state(Arc::clone(&self.initial)),
                key_space,
            }
        })
    }
}

impl<K: LockKey> MapCell<K> {
    pub(super) fn limit(&self, limits: InstanceLimits) {
        let mut early = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        match self.address.get() {
            Some(address) => eviction::limit(&address.key_space, limits),
            None => early.push(limits),
        }
    }

    fn limits(&self) -> Vec<InstanceLimits> {
        std::mem::take(&mut *self.limits.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<K: LockKey> KeyedState for MapCell<K> {
    fn state_type(&self) -> &StateType {
        &self.state_type
    }

    fn key_type(&self) -> (TypeId, &'static str) {
        (TypeId::of::<K>(), type_name::<K>())
    }

    fn locks(&self) -> &OnceLock<Arc<StateLocks>> {
        &self.locks
    }

    fn key_space(&self) -> Option<(Arc<dyn AnyKeySpace>, usize)> {
        let address = self.address.get()?;
        let key_space: Arc<KeySpace<K>> = Arc::clone(&address.key_space);
        Some((key_space, address.index))
    }

    #[cfg(feature = "operations")]
    fn list(&self) -> Option<(Arc<dyn InstanceList>, usize)> {
        let address = self.address.get()?;
        let list: Arc<KeySpace<K>> = Arc::clone(&address.key_space);
        Some((list, address.index))
    }

    fn start_eviction(&self) {
        if let Some(address) = self.address.get() {
            eviction::start(&address.key_space);
        }
    }

    fn typed_key_space(&self) -> Option<Arc<dyn Any + Send + Sync>> {
        let key_space: Arc<KeySpace<K>> = Arc::clone(&self.address.get()?.key_space);
        Some(key_space)
    }

    fn join(
        &self,
        key_space: Option<Arc<dyn Any + Send + Sync>>,
    ) -> Option<Arc<dyn Any + Send + Sync>> {
        let key_space = match key_space {
            Some(key_space) => Some(key_space.downcast::<KeySpace<K>>().ok()?),
            None => None,
        };
        let key_space: Arc<KeySpace<K>> = Arc::clone(&self.address_in(key_space).key_space);
        Some(key_space)
    }
}
