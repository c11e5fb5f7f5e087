//! Leaks: a waiter, an entry, an instance or a timer outlives its use.

use super::{Edit, Mutation};
use crate::source::{ENGINE, FAMILY, LINE, PIPELINE, REGISTRY};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "leaked-waiter-in-the-queue",
        edits: &[Edit {
            file: ENGINE,
            find: "        let left = self.inside().line.leave(ticket);
        if let Some(next) = left.next {
            next.wake();
        }
",
            replace: "        let _ = ticket;\n",
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
            file: LINE,
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
            file: REGISTRY,
            find: "            let held = acquire(lock, asker, &mut Deadline::within(wait)).await?;\n",
            replace: "            let kept = std::mem::ManuallyDrop::new(Arc::clone(&lock));
            let held = acquire(lock, asker, &mut Deadline::within(wait)).await?;
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
            file: ENGINE,
            find: "        let waiting = inside.line.len();
        if",
            replace: "        let waiting = inside.line.counters.waited as usize;
        if",
        }],
        caught_by: &["model_checking waiting::a_granted_waiter_no_longer_counts_as_waiting"],
    },
    Mutation {
        name: "leaked-instance-of-a-wait",
        edits: &[Edit {
            file: PIPELINE,
            find: "        Work::begin(plan, Place::Route(self.meta), runs, &mut deadline).await\n",
            replace: "        let kept = std::mem::ManuallyDrop::new(Arc::clone(&plan));
        let work = Work::begin(plan, Place::Route(self.meta), runs, &mut deadline).await?;
        drop(std::mem::ManuallyDrop::into_inner(kept));
        Ok(work)
",
        }],
        caught_by: &["stress http::random_requests_over_http_lose_nothing_and_leave_nothing"],
    },
    Mutation {
        name: "leaked-instance-of-a-rollback",
        edits: &[Edit {
            file: FAMILY,
            find: "    fn prepare(&self) {
        self.group.fill(self.seeds.len(), || self.seeds());
",
            replace: "    fn prepare(&self) {
        self.set_stays(true);
        self.group.fill(self.seeds.len(), || self.seeds());
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
            file: ENGINE,
            find: "            if let Some(from) = from {
                clock::take_back(from);
            }
",
            replace: "            let _ = from;\n",
        }],
        caught_by: &[
            "model_checking waiting::a_timer_that_is_replaced_before_it_is_set_does_not_stay",
            "stress keys::keys_of_cancelled_waits_leave_no_memory",
        ],
    },
];
