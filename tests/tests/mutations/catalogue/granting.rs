//! Locks that are granted to the wrong waiter, or to none.

use super::{Edit, Mutation};
use crate::source::{ACCESS_PLAN, NAMED_LOCK, QUEUE};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "barging",
        edits: &[
            Edit {
                file: QUEUE,
                find: "        if self.take_grant(id) {
            return (WaitState::Granted, None);
        }
",
                replace: "        if self.holder.is_none()
            && let Some(at) = self.find(id)
            && let Some(waiter) = self.waiting.remove(at)
        {
            self.holder = Some(waiter.holder);
            self.counters.granted += 1;
            return (WaitState::Granted, waiter.waker);
        }
",
            },
            Edit {
                file: QUEUE,
                find: "        let next = self.waiting.pop_front();
        self.granted = next.as_ref().map(|next| next.id);
        self.holder = next.as_ref().map(|next| next.holder);
        if next.is_some() {
            self.counters.granted += 1;
            self.shrink();
        }
        next.and_then(|next| next.waker)
",
                replace: "        self.holder = None;
        let wakers = self.waiting.iter_mut().map(|waiter| waiter.waker.take());
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
