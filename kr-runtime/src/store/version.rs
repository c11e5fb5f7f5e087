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
    /// Twice the revision, and one more if a commit left the values: there is one version in each instance.
    number: u64,
    pub(crate) values: Values,
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
            number: number(revision, !values.is_empty()),
            values,
        }
    }

    /// The number of the commit that left the values.
    #[inline]
    pub(crate) fn revision(&self) -> u64 {
        self.number >> 1
    }

    /// Whether a commit left the values. Otherwise they are initial ones, and a keyed state has no instance.
    #[inline]
    pub(crate) fn is_committed(&self) -> bool {
        self.number & 1 == 1
    }

    /// Says that revisions go on from that number.
    pub(super) fn start_at(&mut self, revision: u64) {
        self.number = number(revision, self.is_committed());
    }

    /// A commit has changed the values. Returns its revision.
    #[inline]
    pub(super) fn count_commit(&mut self) -> u64 {
        let revision = self.revision() + 1;
        self.number = number(revision, !self.values.is_empty());
        revision
    }
}

#[inline]
fn number(revision: u64, is_committed: bool) -> u64 {
    revision << 1 | u64::from(is_committed)
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
