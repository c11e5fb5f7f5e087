//! One instance among states that are changed together.

use crate::state::shared::Kind;
use crate::store::key_map::Entered;
use crate::store::key_space::Instance;
use crate::transaction::access_plan::Guarded;
use std::fmt;
use std::marker::PhantomData;

/// One instance of a keyed state, to be changed together with other states; [`SharedMap::at`](crate::SharedMap::at) makes it.
pub struct At<K, S> {
    pub(crate) entered: Entered<Instance>,
    pub(crate) kind: Kind,
    pub(crate) slot: usize,
    pub(super) of: PhantomData<fn() -> (K, S)>,
}

impl<K, S> fmt::Debug for At<K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("At")
            .field("name", &self.kind.name)
            .field("lock", &self.entered.group().lock.key())
            .finish_non_exhaustive()
    }
}
