//! A number that many count at once, without a lock.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::panic::UnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

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
/// Counting is not part of any commit: it shows at once, an `Err` does not undo it, and it makes no revision. Clones count
/// the same number, which is how the drafts of a state and its committed values share it; a snapshot that is restored
/// brings a number of its own. An answer from a state with a counter in it is never
/// [cached](macro@crate::kr_route#cached), since it could be out of date without a commit.
pub struct Counter(Arc<Number>, Uncommitted);

/// Keeps every type with a counter in it from being `RefUnwindSafe`, as everything is that has nothing to be changed through
/// `&`. That is how [`Settled`](crate::http::cached_response::Settled) knows of counters, however deep they are in a state,
/// unless they are behind a mutex of the standard library.
type Uncommitted = PhantomData<dyn Send + Sync + Unpin + UnwindSafe>;

struct Number {
    now: AtomicI64,
    first: i64,
}

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

impl Counter {
    /// A counter at its first number.
    #[must_use]
    pub fn new(first: i64) -> Self {
        let number = Number {
            now: AtomicI64::new(first),
            first,
        };
        Self(Arc::new(number), PhantomData)
    }

    /// Adds to the number, and returns what that makes.
    ///
    /// # Errors
    /// [`CounterOverflow`] if the sum does not fit; nothing was added then.
    pub fn add(&self, by: i64) -> Result<i64, CounterOverflow> {
        let now = &self.0.now;
        let before = now.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |now| {
            now.checked_add(by)
        });
        match before {
            Ok(before) => Ok(before.wrapping_add(by)),
            Err(at) => Err(CounterOverflow { at, by }),
        }
    }

    /// The number as it is.
    #[must_use]
    pub fn get(&self) -> i64 {
        self.0.now.load(Ordering::Relaxed)
    }

    /// Puts another number in its place, and returns what it was.
    pub fn set(&self, number: i64) -> i64 {
        self.0.now.swap(number, Ordering::Relaxed)
    }
}

thread_local! {
    static AFRESH: Cell<bool> = const { Cell::new(false) };
}

/// Copies a state such that its counters are at their first numbers, and nobody else counts them.
pub(crate) fn afresh<S: Clone>(state: &S) -> S {
    struct Done(bool);
    impl Drop for Done {
        fn drop(&mut self) {
            AFRESH.set(self.0);
        }
    }
    let _done = Done(AFRESH.replace(true));
    state.clone()
}

/// A counter of the same number, which goes on with it.
impl Clone for Counter {
    fn clone(&self) -> Self {
        if AFRESH.get() {
            return Self::new(self.0.first);
        }
        Self(Arc::clone(&self.0), PhantomData)
    }
}

impl Default for Counter {
    fn default() -> Self {
        Self::new(0)
    }
}

impl From<CounterOverflow> for crate::Problem {
    fn from(overflow: CounterOverflow) -> Self {
        Self::conflict(overflow.to_string())
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
        serializer.serialize_i64(self.get())
    }
}

impl<'de> Deserialize<'de> for Counter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self::new)
    }
}
