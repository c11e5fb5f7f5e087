//! Leaks: a waiter, an entry, an instance or a timer outlives its use.

use super::{Edit, Mutation};
use crate::source::{BOUND_HANDLER, GROUP_REF, LOCKS, NAMED_LOCK, QUEUE};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "leaked-waiter-in-the-queue",
        edits: &[Edit {
            file: NAMED_LOCK,
            find: "        let removed = self.entry().queue.remove(id);
        if let Some(next) = removed.next {
            next.wake();
        }
",
            replace: "        let _ = id;\n",
        }],
        caught_by: &[
            "locks fifo::a_cancelled_waiter_moves_up_the_waiters_behind_it",
            "model_checking waiting::a_cancelled_wait_passes_the_lock_on",
            "stress http::random_requests_over_http_lose_nothing_and_leave_nothing",
            "guarantees all_or_nothing::a_disconnect_during_the_wait_leaves_no_trace",
        ],
    },
    Mutation {
        name: "leaked-waiter-at-hand-over",
        edits: &[Edit {
            file: QUEUE,
            find: "                next: self.release(),\n",
            replace: "                next: None,\n",
        }],
        caught_by: &[
            "model_checking waiting::a_cancelled_wait_passes_the_lock_on",
            "stress in_process::random_updates_in_process_lose_nothing_and_leave_nothing",
        ],
    },
    Mutation {
        name: "leaked-entry-of-a-wait",
        edits: &[Edit {
            file: LOCKS,
            find: "            let held = lock::acquire(lock, request, &mut policy).await?;\n",
            replace: "            let kept = std::mem::ManuallyDrop::new(lock.clone());
            let held = lock::acquire(lock, request, &mut policy).await?;
            drop(std::mem::ManuallyDrop::into_inner(kept));
",
        }],
        caught_by: &[
            "locks fifo::keys_of_cancelled_waits_leave_no_entry",
            "model_checking waiting::a_cancelled_wait_leaves_nothing",
            "model_checking waiting::a_wait_that_times_out_leaves_nothing",
            "stress in_process::random_updates_in_process_lose_nothing_and_leave_nothing",
        ],
    },
    Mutation {
        name: "leaked-waiter-in-the-count",
        edits: &[Edit {
            file: NAMED_LOCK,
            find: "        if policy.is_full(entry.queue.len()) {
            return Err(self.queue_full(entry));
        }
        let expiry",
            replace: "        if policy.is_full(entry.queue.counters().waited as usize) {
            return Err(self.queue_full(entry));
        }
        let expiry",
        }],
        caught_by: &["model_checking waiting::a_granted_waiter_no_longer_counts_as_waiting"],
    },
    Mutation {
        name: "leaked-instance-of-a-wait",
        edits: &[Edit {
            file: BOUND_HANDLER,
            find: "        Transaction::begin(plan, call_site, run_in, &mut policy).await\n",
            replace: "        let kept = std::mem::ManuallyDrop::new(Arc::clone(&plan));
        let transaction = Transaction::begin(plan, call_site, run_in, &mut policy).await?;
        drop(std::mem::ManuallyDrop::into_inner(kept));
        Ok(transaction)
",
        }],
        caught_by: &["stress http::random_requests_over_http_lose_nothing_and_leave_nothing"],
    },
    Mutation {
        name: "leaked-instance-of-a-rollback",
        edits: &[Edit {
            file: GROUP_REF,
            find: "        self.fill();\n",
            replace: "        if self.set_persistent(true) {
            self.set_listed(true);
        }
        self.fill();
",
        }],
        caught_by: &[
            "stress http::random_requests_over_http_lose_nothing_and_leave_nothing",
            "stress in_process::random_updates_in_process_lose_nothing_and_leave_nothing",
        ],
    },
    Mutation {
        name: "leaked-timer",
        edits: &[Edit {
            file: NAMED_LOCK,
            find: "            if let Some(cancel) = cancel {
                timer::cancel(cancel);
            }
",
            replace: "            let _ = cancel;\n",
        }],
        caught_by: &[
            "model_checking waiting::a_timer_that_is_replaced_before_it_is_set_does_not_stay",
            "stress keys::keys_of_cancelled_waits_leave_no_memory",
        ],
    },
];
