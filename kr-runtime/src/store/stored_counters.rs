//! Counters of stored states: a count is no commit, and is kept all the same, at the next batch or soon.
//!
//! A counter is found when its state is written for the store or read from it, at any depth. From then on it tells the store
//! when it is counted for the first time since the state was written last.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// The number of a counter, which its clones share.
pub(super) struct Number {
    pub(super) value: AtomicI64,
    pub(super) initial: i64,
    /// Tells the store, if there is one.
    keeper: OnceLock<Arc<CounterKeeper>>,
}

/// Tells the store of the counters of one lock's states.
pub(crate) struct CounterKeeper {
    /// Whether they were counted since the states were written last.
    is_dirty: AtomicBool,
    tell: Box<dyn Fn() + Send + Sync>,
}

thread_local! {
    /// The counters of the states that this thread writes or reads.
    static FOUND: RefCell<Option<Vec<Arc<Number>>>> = const { RefCell::new(None) };
}

/// Runs `work`, which writes or reads states. Returns their counters, but for those that were found before.
pub(super) fn with_counters<R>(work: impl FnOnce() -> R) -> (R, Vec<Arc<Number>>) {
    struct Restore(Option<Vec<Arc<Number>>>);
    impl Drop for Restore {
        fn drop(&mut self) {
            FOUND.set(self.0.take());
        }
    }
    let _restore = Restore(FOUND.replace(Some(Vec::new())));
    let result = work();
    (result, FOUND.take().unwrap_or_default())
}

impl Number {
    pub(super) fn new(initial: i64) -> Arc<Self> {
        Arc::new(Self {
            value: AtomicI64::new(initial),
            initial,
            keeper: OnceLock::new(),
        })
    }

    /// The number was changed.
    #[inline]
    pub(super) fn counted(&self) {
        if let Some(keeper) = self.keeper.get() {
            keeper.counted();
        }
    }

    /// It is written or read with its state.
    pub(super) fn found(self: &Arc<Self>) {
        if self.keeper.get().is_none() {
            FOUND.with_borrow_mut(|found| {
                if let Some(found) = found {
                    found.push(Arc::clone(self));
                }
            });
        }
    }

    /// Its states are kept from now on. Returns whether that is new.
    pub(super) fn keep(&self, keeper: &Arc<CounterKeeper>) -> bool {
        self.keeper.set(Arc::clone(keeper)).is_ok()
    }
}

impl CounterKeeper {
    pub(super) fn new(tell: impl Fn() + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            is_dirty: AtomicBool::new(false),
            tell: Box::new(tell),
        })
    }

    /// A counter has another number than before.
    pub(super) fn counted(&self) {
        // The number was changed before this; whoever clears the mark reads the number after that.
        if !self.is_dirty.swap(true, Ordering::AcqRel) {
            (self.tell)();
        }
    }

    /// Whether there are counts that were not written.
    pub(super) fn is_dirty(&self) -> bool {
        self.is_dirty.load(Ordering::Acquire)
    }

    /// The states are written from now on.
    pub(super) fn clear(&self) {
        self.is_dirty.store(false, Ordering::Release);
    }
}
