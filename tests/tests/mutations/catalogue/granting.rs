//! Locks that are granted to the wrong waiter, or to none.

use super::{Edit, Mutation};
use crate::source::{ACCESS_PLAN, NAMED_LOCK, QUEUE};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "barging",
        edits: &[
            Edit {
                file: QUEUE,
                find: "        if waits.take_grant(id) {
            return (WaitState::Granted, None);
        }
",
                replace: "        if self.holder.is_none()
            && let Some(waits) = &mut self.waits
            && let Some(at) = waits.find(id)
            && let Some(waiter) = waits.waiting.remove(at)
        {
            self.holder = Some(waiter.holder);
            self.grants += 1;
            return (WaitState::Granted, waiter.waker);
        }
        let waits = self.waits_mut();
",
            },
            Edit {
                file: QUEUE,
                find: "        let next = waits.waiting.pop_front();
        waits.granted = next.as_ref().map(|next| next.id);
        self.holder = next.as_ref().map(|next| next.holder);
        if next.is_some() {
            self.grants += 1;
            waits.shrink();
        }
        next.and_then(|next| next.waker)
",
                replace: "        let wakers = waits.waiting.iter_mut().map(|waiter| waiter.waker.take());
        wakers.flatten().for_each(Waker::wake);
        None
",
            },
        ],
        caught_by: &[
            "locks fifo::a_new_request_does_not_overtake_a_waiter_even_at_the_moment_of_release",
            "locks fifo::waiters_are_granted_in_fifo_order_even_if_they_are_polled_in_another",
            "model_checking waiting::no_waiter_is_overtaken",
        ],
    },
    Mutation {
        name: "unsorted-locks",
        edits: &[Edit {
            file: ACCESS_PLAN,
            find: "self.locks.insert(position, lock);",
            replace: "let _ = position;
            self.locks.push(lock);",
        }],
        caught_by: &[
            "guarantees no_hangs::handlers_that_name_two_locks_in_opposite_order_never_deadlock",
            "stress http::random_requests_over_http_lose_nothing_and_leave_nothing",
        ],
    },
    Mutation {
        name: "reentry-deadlock",
        edits: &[Edit {
            file: NAMED_LOCK,
            find: "holder.task == Some(request.waiting_task())",
            replace: "holder.task == Some(request.waiting_task()) && queue.len() > 100",
        }],
        caught_by: &[
            "model_checking waiting::reentry_is_always_an_error",
            "guarantees no_hangs::reentry_is_an_error_at_once_that_names_both_call_sites",
        ],
    },
];
