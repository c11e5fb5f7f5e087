//! The faults: what each one changes, and which tests catch it.

/// A fault that lock engines are known to have had.
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) edits: &'static [Edit],
    /// Each by its suite and name.
    pub(crate) caught_by: &'static [&'static str],
}

/// A change of the source: `find` is there once.
pub(crate) struct Edit {
    pub(crate) file: &'static str,
    pub(crate) find: &'static str,
    pub(crate) replace: &'static str,
}

const ENGINE: &str = "kr-runtime/src/locks/mod.rs";
const REGISTRY: &str = "kr-runtime/src/locks/registry.rs";
const WAITING: &str = "kr-runtime/src/locks/waiting.rs";
const DRAFT: &str = "kr-runtime/src/draft.rs";
const PIPELINE: &str = "kr-runtime/src/pipeline.rs";

/// An entry goes although somebody else has the name by now.
const FORGETS_WHATEVER_IS_THERE: Edit = Edit {
    file: REGISTRY,
    find: ".is_some_and(|lock| lock.strong_count() == 0)",
    replace: ".is_some()",
};

pub(crate) const FAULTS: &[Fault] = &[
    Fault {
        name: "collect-while-asked-for",
        edits: &[
            Edit {
                file: ENGINE,
                find: "        self.permit.add_permits(1);\n",
                replace: "        self.permit.add_permits(1);
        if self.permit.available_permits() == 1
            && let Some(table) = self.table.upgrade()
        {
            table.forget(&self.key);
        }
",
            },
            FORGETS_WHATEVER_IS_THERE,
        ],
        caught_by: &[
            "locks fair::a_name_that_is_asked_for_and_not_waited_for_yet_is_not_collected",
            "model registry::three_tasks_never_hold_one_name_together_and_leave_nothing",
            "model waiting::who_asks_for_what_it_holds_is_always_told_so",
        ],
    },
    Fault {
        name: "collect-the-successor",
        edits: &[FORGETS_WHATEVER_IS_THERE],
        caught_by: &[
            "model registry::three_tasks_never_hold_one_name_together_and_leave_nothing",
            "model waiting::who_asks_for_what_it_holds_is_always_told_so",
        ],
    },
    Fault {
        name: "leaked-waiter-in-line",
        edits: &[Edit {
            file: ENGINE,
            find: "        let turn = self.permit.acquire();\n",
            replace: "        let mut kept = std::mem::ManuallyDrop::new(Box::pin(self.permit.acquire()));
        let turn = std::future::poll_fn(|cx| kept.as_mut().poll(cx));
",
        }],
        caught_by: &[
            "locks fair::a_place_in_line_that_is_given_up_moves_the_others_up_and_nobody_else",
            "model waiting::a_cancelled_wait_passes_the_lock_on",
            "storm http::a_storm_over_http_loses_nothing_and_leaves_nothing",
            "promises all_or_nothing::a_client_that_hangs_up_while_it_waits_leaves_no_trace",
        ],
    },
    Fault {
        name: "leaked-waiter-in-the-table",
        edits: &[Edit {
            file: ENGINE,
            find: "            self.wait(deadline).await?;\n",
            replace: "            let kept = std::mem::ManuallyDrop::new(Arc::clone(self));
            self.wait(deadline).await?;
            drop(std::mem::ManuallyDrop::into_inner(kept));
",
        }],
        caught_by: &[
            "locks fair::names_that_were_waited_for_in_vain_leave_nothing",
            "model waiting::a_cancelled_wait_leaves_nothing",
            "model waiting::a_wait_that_times_out_leaves_nothing",
            "storm in_process::a_storm_in_process_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "leaked-waiter-in-the-count",
        edits: &[Edit {
            file: WAITING,
            find: "self.0.waiting.fetch_sub(1, Ordering::Relaxed);",
            replace: "",
        }],
        caught_by: &[
            "locks contract::a_request_can_be_cancelled_before_it_waits_while_it_waits_and_after_it_was_served",
            "model waiting::the_bound_on_waiters_holds_and_is_given_back",
            "storm http::a_storm_over_http_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "half-made-draft-of-an-error",
        edits: &[
            Edit {
                file: PIPELINE,
                find: "ran.commits.then(|| site.plan.commit(&states));\n        site.",
                replace: "Some(site.plan.commit(&states));\n        site.",
            },
            Edit {
                file: PIPELINE,
                find: "ran.commits.then(|| site.plan.commit(&states));\n            drop",
                replace: "Some(site.plan.commit(&states));\n            drop",
            },
        ],
        caught_by: &[
            "histories one_state::appends_and_reads_of_one_state_are_linearizable",
            "promises all_or_nothing::an_error_rolls_back_even_behind_an_alias",
            "storm http::a_storm_over_http_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "half-made-draft-of-a-panic",
        edits: &[Edit {
            file: PIPELINE,
            find: "        let ran = run(arguments, &mut states);\n",
            replace: "        let ran = AssertUnwindSafe(|| run(arguments, &mut states));
        let ran = match std::panic::catch_unwind(ran) {
            Ok(ran) => ran,
            Err(panic) => {
                drop(site.plan.commit(&states));
                std::panic::resume_unwind(panic)
            }
        };
",
        }],
        caught_by: &[
            "promises all_or_nothing::a_panic_rolls_back_and_is_answered_without_its_cause",
            "storm http::a_storm_over_http_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "half-a-commit-shows",
        edits: &[Edit {
            file: DRAFT,
            find: "                retired.push(group.publish(|slots| {
                    for (borrow, draft) in drafts() {
                        slots[borrow.slot] = Arc::clone(draft);
                    }
                }));
",
            replace: "                for (borrow, draft) in drafts() {
                    retired.push(group.publish(|slots| slots[borrow.slot] = Arc::clone(draft)));
                }
",
        }],
        caught_by: &[
            "histories one_lock::changes_and_reads_of_two_states_under_one_lock_are_linearizable",
            "promises all_or_nothing::a_thousand_concurrent_changes_all_count_and_none_shows_half",
            "storm http::a_storm_over_http_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "barging",
        edits: &[Edit {
            file: ENGINE,
            find: "        let turn = self.permit.acquire();\n",
            replace: "        let turn = async {
            loop {
                if let Ok(permit) = self.permit.try_acquire() {
                    return Ok::<_, ()>(permit);
                }
                let mut before = true;
                let again = std::future::poll_fn(|cx| match std::mem::take(&mut before) {
                    true => {
                        cx.waker().wake_by_ref();
                        std::task::Poll::Pending
                    }
                    false => std::task::Poll::Ready(()),
                });
                again.await;
            }
        };
",
        }],
        caught_by: &[
            "locks fair::a_newcomer_does_not_overtake_who_waits_even_at_the_moment_of_the_release",
            "locks fair::who_waits_is_served_in_the_order_of_asking_even_if_woken_in_another",
            "model waiting::nobody_is_overtaken",
        ],
    },
    Fault {
        name: "draft-made-before-the-grant",
        edits: &[
            Edit {
                file: DRAFT,
                find: "        let guards = acquire_all(",
                replace: "        let states = self.states(|borrow, slot| match borrow.copy {
            Some(copy) => copy(slot),
            None => Arc::clone(slot),
        });
        let guards = acquire_all(",
            },
            Edit {
                file: DRAFT,
                find: "        let states = self.states(|borrow, slot| match borrow.copy {
            Some(copy) => copy(slot),
            None => Arc::clone(slot),
        });
        Ok((guards, states))",
                replace: "        Ok((guards, states))",
            },
        ],
        caught_by: &[
            "histories one_state::appends_and_reads_of_one_state_are_linearizable",
            "promises all_or_nothing::a_thousand_concurrent_changes_all_count_and_none_shows_half",
            "storm http::a_storm_over_http_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "release-before-the-commit",
        edits: &[Edit {
            file: PIPELINE,
            find: "        let retired = ran.commits.then(|| site.plan.commit(&states));
        site.note_overstay(&guards);
        drop(guards);
",
            replace: "        site.note_overstay(&guards);
        drop(guards);
        let retired = ran.commits.then(|| site.plan.commit(&states));
",
        }],
        caught_by: &[
            "storm http::a_storm_over_http_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "locks-in-the-order-named",
        edits: &[Edit {
            file: DRAFT,
            find: "self.locks.insert(place, lock);",
            replace: "let _ = place;\n            self.locks.push(lock);",
        }],
        caught_by: &[
            "promises no_hangs::handlers_that_name_two_locks_in_opposite_order_never_deadlock",
            "storm http::a_storm_over_http_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "re-entry-waits",
        edits: &[Edit {
            file: ENGINE,
            find: "            self.refuse_reentry(place)?;\n",
            replace: "",
        }],
        caught_by: &[
            "model waiting::who_asks_for_what_it_holds_is_always_told_so",
            "promises no_hangs::asking_again_for_a_held_lock_is_an_error_at_once_that_names_both_places",
        ],
    },
];
