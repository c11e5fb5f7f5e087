//! A number that any number of handlers count at once, without a lock.

use super::stored_counters::Number;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::any::Any;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::panic::UnwindSafe;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// A number in a shared state that handlers count without the state's lock.
///
/// As a field of a [shared state](macro@crate::SharedState) it is part of its snapshots, written as a number. A handler
/// borrows it by its name, and needs no `#[locked]` for that:
///
/// ```
/// use kr_runtime::Counter;
/// use kr_runtime::prelude::*;
///
/// #[derive(Clone, Serialize, Deserialize, SharedState)]
/// #[shared_state(lock = "page")]
/// struct Page {
///     visits: Counter,
///     title: String,
/// }
///
/// #[derive(Host)]
/// struct Site {
///     page: Shared<Page>,
/// }
///
/// #[kr_route(post, "/visit")]
/// fn visit(visits: &Counter) -> Result<Json<i64>, Problem> {
///     Ok(Json(visits.add(1)?))
/// }
///
/// let page = Page { visits: Counter::new(0), title: "Welcome".into() };
/// let app = App::new("Page", Site { page: Shared::new(page) }).mount(routes![visit]);
/// ```
///
/// Counting is not part of any commit: it shows at once, an `Err` or a commit that the store does not keep does not undo
/// it, and it makes no revision. A store other than memory keeps the number with the next batch, at most 100 ms later, so a
/// crash may lose the counts of that time; a clean stop loses none. Clones count the same number, which is how the drafts of a state and its committed values
/// share it; a restored snapshot brings a number of its own. A response made from a state with a counter in it is never
/// [cached](macro@crate::kr_route#cached), since it could be out of date without a commit.
pub struct Counter(Arc<Number>, NotUnwindSafe);

/// Makes any type with a counter in it not `RefUnwindSafe`. `cached` uses that to detect counters at any depth, but for
/// those behind a mutex of the standard library.
type NotUnwindSafe = PhantomData<dyn Send + Sync + Unpin + UnwindSafe>;

/// The number would not fit, so it was left as it was.
///
/// ```
/// use kr_runtime::Counter;
///
/// let counter = Counter::new(i64::MAX);
/// assert!(counter.add(1).is_err());
/// assert_eq!(counter.get(), i64::MAX);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a counter at {at} cannot be changed by {by}: the sum does not fit into 64 bits")]
pub struct CounterOverflow {
    /// What the counter was at.
    pub at: i64,
    /// What was to be added.
    pub by: i64,
}

/// A field of a state whose type is called `Counter`.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct CounterField {
    /// The field's name.
    pub name: &'static str,
    /// Whether it is really a [`Counter`], and not another type of that name.
    pub is_counter: bool,
    /// Finds it in a state.
    pub find: CounterGetter,
}

/// Finds a counter in a state.
#[doc(hidden)]
pub(crate) type CounterGetter = fn(&(dyn Any + Send + Sync)) -> &Counter;

/// The counters of a host: the names of its states, and the counters of each.
#[doc(hidden)]
pub type Counters = &'static [(&'static str, &'static [CounterField])];

impl Counter {
    /// A counter with its initial value.
    #[must_use]
    pub fn new(initial: i64) -> Self {
        Self(Number::new(initial), PhantomData)
    }

    /// Adds to the number, and returns what that makes.
    ///
    /// # Errors
    /// [`CounterOverflow`] if the sum does not fit; nothing was added then.
    pub fn add(&self, by: i64) -> Result<i64, CounterOverflow> {
        let value = &self.0.value;
        let before = value.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |value| {
            value.checked_add(by)
        });
        match before {
            Ok(before) => {
                self.0.counted();
                Ok(before.wrapping_add(by))
            }
            Err(at) => Err(CounterOverflow { at, by }),
        }
    }

    /// The number as it is.
    #[must_use]
    pub fn get(&self) -> i64 {
        self.0.value.load(Ordering::Relaxed)
    }

    /// Puts another number in its place, and returns what it was.
    pub fn set(&self, number: i64) -> i64 {
        let before = self.0.value.swap(number, Ordering::Relaxed);
        self.0.counted();
        before
    }
}

thread_local! {
    /// Whether clones of counters are new counters.
    static CLONE_AS_NEW: Cell<bool> = const { Cell::new(false) };
}

/// Copies a state with new counters, each at its initial value.
pub(crate) fn with_new_counters<S: Clone>(state: &S) -> S {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            CLONE_AS_NEW.set(self.0);
        }
    }
    let _restore = Restore(CLONE_AS_NEW.replace(true));
    state.clone()
}

/// Another handle to the same number.
impl Clone for Counter {
    fn clone(&self) -> Self {
        if CLONE_AS_NEW.get() {
            return Self::new(self.0.initial);
        }
        Self(Arc::clone(&self.0), PhantomData)
    }
}

impl Default for Counter {
    fn default() -> Self {
        Self::new(0)
    }
}

impl PartialEq for Counter {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl fmt::Debug for Counter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Counter").field(&self.get()).finish()
    }
}

impl Serialize for Counter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = self.get();
        self.0.found(number);
        serializer.serialize_i64(number)
    }
}

impl<'de> Deserialize<'de> for Counter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        Ok(Self(Number::read(number), PhantomData))
    }
}
