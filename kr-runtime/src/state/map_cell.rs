//! What is behind the handles of a keyed state.

use crate::lock::lock_key::LockKey;
use crate::state::shared::Kind;
use crate::store::key_space::{Family, Keyed, Seed, Space};
use std::any::Any;
use std::sync::{Arc, OnceLock};

/// What all handles of a keyed state share.
pub(super) struct MapCell<K> {
    pub(super) kind: Kind,
    pub(super) seed: Seed<K>,
    pub(super) home: OnceLock<MapHome<K>>,
}

/// Where its instances are.
pub(super) struct MapHome<K> {
    pub(super) family: Arc<Family<K>>,
    pub(super) slot: usize,
}

impl<K: LockKey> MapCell<K> {
    /// Its home, which is in that family, or in one of its own, unless it has one already.
    pub(super) fn home_in(&self, family: Option<Arc<Family<K>>>) -> &MapHome<K> {
        self.home.get_or_init(|| {
            let family = family.unwrap_or_else(|| Family::new(self.kind.lock));
            MapHome {
                slot: family.join(Arc::clone(&self.seed)),
                family,
            }
        })
    }
}

impl<K: LockKey> Keyed for MapCell<K> {
    fn kind(&self) -> &Kind {
        &self.kind
    }

    fn family(&self) -> Option<(Arc<dyn Space>, usize)> {
        let home = self.home.get()?;
        let family: Arc<Family<K>> = Arc::clone(&home.family);
        Some((family, home.slot))
    }

    fn family_any(&self) -> Option<Arc<dyn Any + Send + Sync>> {
        let family: Arc<Family<K>> = Arc::clone(&self.home.get()?.family);
        Some(family)
    }

    fn settle(
        &self,
        family: Option<Arc<dyn Any + Send + Sync>>,
    ) -> Option<Arc<dyn Any + Send + Sync>> {
        let family = match family {
            Some(family) => Some(family.downcast::<Family<K>>().ok()?),
            None => None,
        };
        let family: Arc<Family<K>> = Arc::clone(&self.home_in(family).family);
        Some(family)
    }
}
