//! What all handles to one state share.

use super::address::Address;
use super::state_type::StateType;
use crate::store::{StateLocks, Value};
use std::sync::{Arc, OnceLock};

/// What all handles to one state share, whatever its type is.
#[doc(hidden)]
pub struct StateCell {
    pub(crate) state_type: StateType,
    pub(crate) initial: Value,
    /// Known once the host is in use.
    pub(crate) address: OnceLock<Address>,
    /// The lock table of its host.
    pub(crate) locks: OnceLock<Arc<StateLocks>>,
}
