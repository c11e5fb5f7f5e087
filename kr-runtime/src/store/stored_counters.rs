//! Counters of stored states: a count is no commit, and is kept all the same, at the next batch or soon.
//!
//! A counter is found when its state is written for the store or read from it, at any depth. From then on it tells the store
//! when it is counted for the first time since the state was written last.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// The number of a counter, which its clones share.
pub(super) struct Number {
    pub(super) value: AtomicI64,
    pub(super) initial: i64,
    /// What a store that other processes count in as well had when it was read or written last.
    base: AtomicI64,
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
    static FOUND: RefCell<Option<Found>> = const { RefCell::new(None) };
}

/// Counters that were found, each with the number that was written or read.
#[derive(Default)]
pub(super) struct Found {
    pub(super) counters: FoundCounters,
    /// Not only those that were not found before.
    takes_all: bool,
    /// Counters for those that are read, in their order.
    reused: VecDeque<Arc<Number>>,
}

/// Counters, each with the number that was written or read.
pub(super) type FoundCounters = Vec<(Arc<Number>, i64)>;

/// Runs `work`, which writes or reads states. Returns their counters, but for those that were found before.
pub(super) fn with_counters<R>(work: impl FnOnce() -> R) -> (R, FoundCounters) {
    find(work, Found::default())
}

/// As [`with_counters`], with those that were found before.
pub(super) fn with_all_counters<R>(work: impl FnOnce() -> R) -> (R, FoundCounters) {
    let found = Found {
        takes_all: true,
        ..Found::default()
    };
    find(work, found)
}

/// As [`with_all_counters`], of `work` that reads states. They get these counters, in their order: whoever has one counts on.
/// What was read is not in them yet; see [`Number::rebase`].
pub(super) fn with_reused_counters<R>(
    reused: impl Iterator<Item = Arc<Number>>,
    work: impl FnOnce() -> R,
) -> (R, FoundCounters) {
    let found = Found {
        takes_all: true,
        reused: reused.collect(),
        ..Found::default()
    };
    find(work, found)
}

fn find<R>(work: impl FnOnce() -> R, found: Found) -> (R, FoundCounters) {
    struct Restore(Option<Found>);
    impl Drop for Restore {
        fn drop(&mut self) {
            FOUND.set(self.0.take());
        }
    }
    let _restore = Restore(FOUND.replace(Some(found)));
    let result = work();
    (result, FOUND.take().unwrap_or_default().counters)
}

impl Number {
    pub(super) fn new(initial: i64) -> Arc<Self> {
        Arc::new(Self {
            value: AtomicI64::new(initial),
            initial,
            base: AtomicI64::new(initial),
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

    /// It is written with its state, as this number.
    pub(super) fn found(self: &Arc<Self>, number: i64) {
        FOUND.with_borrow_mut(|found| {
            if let Some(found) = found
                && (found.takes_all || self.keeper.get().is_none())
            {
                found.counters.push((Arc::clone(self), number));
            }
        });
    }

    /// The counter for a number that is read.
    pub(super) fn read(number: i64) -> Arc<Self> {
        let reused = FOUND.with_borrow_mut(|found| found.as_mut()?.reused.pop_front());
        let counter = reused.unwrap_or_else(|| Self::new(number));
        counter.found(number);
        counter
    }

    /// The store has this number, with which it was read or written. What was counted here and is not in it comes on top.
    pub(super) fn rebase(&self, number: i64) {
        let before = self.base.swap(number, Ordering::AcqRel);
        self.value
            .fetch_add(number.wrapping_sub(before), Ordering::AcqRel);
    }

    /// The store has this number now, which was written from here.
    pub(super) fn written(&self, number: i64) {
        self.base.store(number, Ordering::Release);
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
