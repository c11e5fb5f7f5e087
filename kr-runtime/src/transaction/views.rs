//! Arguments that are no values of a lock: the host, a view of all instances of a keyed state, a revision.

use crate::store::{Stamp, Value};
use std::sync::Arc;

/// Arguments that are no values of a lock. A thin pointer, since every call moves it about.
pub(crate) type Views = Option<Arc<ViewList>>;

/// Arguments that are no values of a lock.
#[derive(Clone, Default)]
pub(crate) struct ViewList {
    /// In the order of the arguments.
    pub(crate) values: Vec<Value>,
    /// Whether the call is told which commit left its states.
    pub(crate) asks_revision: bool,
    /// That commit; `None` for the instance of a keyed state that is not there.
    pub(super) revision: Option<Stamp>,
}

impl ViewList {
    /// `None` if there is nothing in it.
    pub(crate) fn new(values: Vec<Value>, asks_revision: bool) -> Views {
        let list = Self {
            values,
            asks_revision,
            revision: None,
        };
        (asks_revision || !list.values.is_empty()).then(|| Arc::new(list))
    }
}
