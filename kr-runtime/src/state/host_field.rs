//! A field of a host, whatever the type of its state is.

use super::cell::StateCell;
use super::keyed_state::KeyedState;
use super::state_type::StateType;
use crate::store::StateLocks;
use std::sync::{Arc, OnceLock};

/// What a field of a host holds.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub enum HostField<'h> {
    /// A state.
    Single(&'h StateCell),
    /// A state with an instance for each key.
    Keyed(&'h dyn KeyedState),
}

impl HostField<'_> {
    pub(crate) fn state_type(&self) -> &StateType {
        match self {
            Self::Single(cell) => &cell.state_type,
            Self::Keyed(keyed) => keyed.state_type(),
        }
    }

    /// The lock table of its host.
    pub(super) fn locks(&self) -> &OnceLock<Arc<StateLocks>> {
        match self {
            Self::Single(cell) => &cell.locks,
            Self::Keyed(keyed) => keyed.locks(),
        }
    }

    /// Whether it has its address.
    pub(crate) fn is_registered(&self) -> bool {
        match self {
            Self::Single(cell) => cell.address.get().is_some(),
            Self::Keyed(keyed) => keyed.key_space().is_some(),
        }
    }
}
