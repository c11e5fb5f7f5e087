//! The values of all states of one lock, as one commit left them.

use smallvec::SmallVec;
use std::any::Any;
use std::sync::{Arc, LazyLock};

/// A value of some shared state.
pub(crate) type Value = Arc<dyn Any + Send + Sync>;

/// The values of the states of one lock, each at its index. A commit that leaves none removes the instance of a keyed
/// state.
pub(crate) type Values = SmallVec<[Value; 1]>;

/// The values of the states of one lock, and the number of the commit that left them.
#[derive(Default)]
pub(crate) struct Version {
    pub(crate) revision: u64,
    pub(crate) values: Values,
    /// Whether a commit left the values. Otherwise they are initial ones, and a keyed state has no instance.
    pub(crate) is_committed: bool,
}

/// A revision, and the life of the state that it belongs to: a store that was restored from a backup uses numbers again.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    pub(crate) revision: u64,
    /// 0 for the life of this process.
    pub(crate) epoch: u64,
}

impl Version {
    /// What a commit left.
    pub(super) fn committed(revision: u64, values: Values) -> Self {
        Self {
            revision,
            is_committed: !values.is_empty(),
            values,
        }
    }
}

/// A value keeps the type of the handle that it was made from, and only code made for that type asks for it.
///
/// # Panics
/// If it is of another type.
pub fn downcast<S: 'static>(value: &(dyn Any + Send + Sync)) -> &S {
    value
        .downcast_ref()
        .expect("a value has the type of its handle")
}

/// Stands where a value was that has been taken out.
pub(crate) fn placeholder() -> Value {
    static PLACEHOLDER: LazyLock<Value> = LazyLock::new(|| Arc::new(()));
    Arc::clone(&PLACEHOLDER)
}
