//! Where a state is: with the other states of its lock.

use crate::store::LockGroup;
use std::sync::Arc;

/// Where a state is: its lock group, and its index in there.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) group: Arc<LockGroup>,
    pub(crate) index: usize,
}
