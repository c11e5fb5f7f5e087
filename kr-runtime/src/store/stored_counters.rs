//! Counters of stored states: a count is no commit, and is kept all the same, at the next batch or soon.
//!
//! A counter learns where it belongs when its state is written for the store or read from it, at any depth, and tells the
//! journal when it was counted for the first time since the state was written last.

use super::group::LockGroup;
use super::group_ref::GroupHandle;
use super::journal::Journal;
use super::key_map::WeakEntryRef;
use super::key_space::Instance;
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

/// Tells the journal of the counters of one lock's states.
pub(crate) struct CounterKeeper {
    /// Whether they were counted since the states were written last.
    is_dirty: AtomicBool,
    group: WeakGroup,
    journal: Weak<Journal>,
}

enum WeakGroup {
    Single(Weak<LockGroup>),
    Instance(WeakEntryRef<Instance>),
}

thread_local! {
    /// Makes the keeper of the counters of the state that this thread writes or reads.
    static KEEPER: RefCell<Option<KeeperOf>> = const { RefCell::new(None) };
}

/// The states whose counters are looked for.
struct KeeperOf {
    group: GroupHandle,
    keeper: Option<Arc<CounterKeeper>>,
}

impl CounterKeeper {
    /// Runs `work`, which writes or reads the states of a lock, and gives their counters a keeper.
    pub(super) fn of<R>(group: &GroupHandle, work: impl FnOnce() -> R) -> R {
        struct Restore(Option<KeeperOf>);
        impl Drop for Restore {
            fn drop(&mut self) {
                KEEPER.set(self.0.take());
            }
        }
        let _restore = Restore(KEEPER.replace(Some(KeeperOf {
            group: group.clone(),
            keeper: None,
        })));
        work()
    }

    /// The keeper of the states that this thread writes or reads, if it does.
    pub(super) fn current() -> Option<Arc<Self>> {
        KEEPER.with_borrow_mut(|current| {
            let current = current.as_mut()?;
            if current.keeper.is_none() {
                current.keeper = Self::find_or_make(&current.group);
            }
            current.keeper.clone()
        })
    }

    fn find_or_make(group: &GroupHandle) -> Option<Arc<Self>> {
        let lock_group = super::group_ref::GroupRef::group(group);
        let mut chain = lock_group.chain();
        if let Some(keeper) = chain.counter_keeper() {
            return Some(keeper);
        }
        let journal = chain.journal()?;
        let keeper = Arc::new(Self {
            is_dirty: AtomicBool::new(false),
            group: match group {
                GroupHandle::Single(group) => WeakGroup::Single(Arc::downgrade(group)),
                GroupHandle::Instance(entry) => WeakGroup::Instance(entry.downgrade()),
            },
            journal: Arc::downgrade(journal),
        });
        chain.set_counter_keeper(Arc::clone(&keeper));
        Some(keeper)
    }

    /// A counter has another number than before.
    pub(super) fn counted(&self) {
        // The number was changed before this; whoever clears the mark reads the number after that.
        if self.is_dirty.swap(true, Ordering::AcqRel) {
            return;
        }
        let group = match &self.group {
            WeakGroup::Single(group) => group.upgrade().map(GroupHandle::Single),
            WeakGroup::Instance(entry) => entry.upgrade().map(GroupHandle::Instance),
        };
        if let (Some(group), Some(journal)) = (group, self.journal.upgrade()) {
            journal.counted(group);
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
