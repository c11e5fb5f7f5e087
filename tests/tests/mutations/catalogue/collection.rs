//! Collection that removes a lock or an instance while a request is about to use it.

use super::{Edit, Mutation};
use crate::source::{ENTRY_USES, NAMED_LOCK, TABLE};

/// Removes an entry although the key has a new lock by now.
const REMOVES_ANY_ENTRY: Edit = Edit {
    file: TABLE,
    find: ".is_some_and(|lock| lock.strong_count() == 0)",
    replace: ".is_some()",
};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "remove-while-requested",
        edits: &[
            Edit {
                file: NAMED_LOCK,
                find: "        let next = entry.queue.release();
        drop(entry);
",
                replace: "        let next = entry.queue.release();
        let is_idle = entry.queue.holder().is_none();
        drop(entry);
        if is_idle && let Some(owner) = self.owner.upgrade() {
            owner.forget();
        }
",
            },
            Edit {
                file: NAMED_LOCK,
                find: "pub(crate) trait LockOwner: Timed {
",
                replace: "pub(crate) trait LockOwner: Timed {
    fn forget(&self) {}
",
            },
            Edit {
                file: NAMED_LOCK,
                find: "impl<V: Send + 'static> LockOwner for NamedLock<V> {
",
                replace: "impl<V: Send + 'static> LockOwner for NamedLock<V> {
    fn forget(&self) {
        if let Some(registry) = self.registry.upgrade() {
            registry.remove(&self.key);
        }
    }

",
            },
            REMOVES_ANY_ENTRY,
        ],
        caught_by: &[
            "locks fifo::a_lock_that_was_requested_but_not_yet_polled_is_not_removed",
            "model_checking registry::three_tasks_never_hold_a_lock_together_and_leave_no_entry",
        ],
    },
    Mutation {
        name: "remove-the-successor",
        edits: &[REMOVES_ANY_ENTRY],
        caught_by: &[
            "model_checking registry::three_tasks_never_hold_a_lock_together_and_leave_no_entry",
        ],
    },
    Mutation {
        name: "remove-an-instance-in-use",
        edits: &[Edit {
            file: ENTRY_USES,
            find: "self.0.load(Ordering::Acquire) & !NOT_READY == 0",
            replace: "!self.is_persistent()",
        }],
        caught_by: &[
            "model_checking keyed_instances::a_key_that_is_removed_while_it_is_requested_still_has_one_instance",
            "model_checking keyed_instances::three_tasks_that_use_a_key_share_one_instance_and_leave_none",
        ],
    },
];
