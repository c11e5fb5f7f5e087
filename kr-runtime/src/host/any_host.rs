//! A host, whatever its type is.

use super::by_type::Host;
use crate::state::HostField;

/// A host whose states are found by name.
pub(crate) trait AnyHost: Send + Sync {
    /// Its states.
    fn state_fields(&self) -> Vec<HostField<'_>>;
}

impl<H: Host> AnyHost for H {
    fn state_fields(&self) -> Vec<HostField<'_>> {
        self.fields()
    }
}
