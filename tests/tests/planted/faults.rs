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
const LINE: &str = "kr-runtime/src/locks/line.rs";
const POOL: &str = "kr-runtime/src/locks/pool.rs";
const REGISTRY: &str = "kr-runtime/src/locks/registry.rs";
const DRAFT: &str = "kr-runtime/src/draft.rs";
const FAMILY: &str = "kr-runtime/src/family.rs";
const ONE: &str = "kr-runtime/src/one.rs";
const PIPELINE: &str = "kr-runtime/src/pipeline.rs";
const PLAN: &str = "kr-runtime/src/plan.rs";

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
                find: "        let next = inside.line.release();
        drop(inside);
",
                replace: "        let next = inside.line.release();
        let is_idle = inside.line.holder().is_none();
        drop(inside);
        if is_idle && let Some(table) = self.table.upgrade() {
            table.forget(&self.key);
        }
",
            },
            FORGETS_WHATEVER_IS_THERE,
        ],
        caught_by: &[
            "locks fair::a_name_that_is_asked_for_and_not_waited_for_yet_is_not_collected",
            "model registry::three_tasks_never_hold_one_name_together_and_leave_nothing",
        ],
    },
    Fault {
        name: "collect-the-successor",
        edits: &[FORGETS_WHATEVER_IS_THERE],
        caught_by: &["model registry::three_tasks_never_hold_one_name_together_and_leave_nothing"],
    },
    Fault {
        name: "collect-an-instance-in-use",
        edits: &[Edit {
            file: POOL,
            find: "Arc::ptr_eq(known, member) && known.users.load(Ordering::Acquire) == 0 && !known.stays()",
            replace: "Arc::ptr_eq(known, member) && !known.stays()",
        }],
        caught_by: &[
            "model keyed::a_key_that_is_collected_while_another_asks_for_it_still_has_one_instance",
            "model keyed::three_who_use_a_key_at_once_use_one_instance_and_leave_none",
        ],
    },
    Fault {
        name: "leaked-waiter-in-line",
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
            "locks fair::a_place_in_line_that_is_given_up_moves_the_others_up_and_nobody_else",
            "model waiting::a_cancelled_wait_passes_the_lock_on",
            "storm http::a_storm_over_http_loses_nothing_and_leaves_nothing",
            "promises all_or_nothing::a_client_that_hangs_up_while_it_waits_leaves_no_trace",
        ],
    },
    Fault {
        name: "leaked-waiter-at-the-hand-over",
        edits: &[Edit {
            file: LINE,
            find: "                next: self.release(),\n",
            replace: "                next: None,\n",
        }],
        caught_by: &[
            "model waiting::a_cancelled_wait_passes_the_lock_on",
            "storm in_process::a_storm_in_process_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "leaked-waiter-in-the-table",
        edits: &[Edit {
            file: REGISTRY,
            find: "            let held = acquire(lock, asker, &mut Deadline::within(wait)).await?;\n",
            replace: "            let kept = std::mem::ManuallyDrop::new(Arc::clone(&lock));
            let held = acquire(lock, asker, &mut Deadline::within(wait)).await?;
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
            file: LINE,
            find: "        let before = self.waiting.len();
        if",
            replace: "        let before = self.totals.waited as usize;
        if",
        }],
        caught_by: &["model waiting::who_has_waited_does_not_count_as_one_who_waits"],
    },
    Fault {
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
        caught_by: &["storm http::a_storm_over_http_loses_nothing_and_leaves_nothing"],
    },
    Fault {
        name: "leaked-instance-of-a-roll-back",
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
            "storm http::a_storm_over_http_loses_nothing_and_leaves_nothing",
            "storm in_process::a_storm_in_process_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "half-made-draft-of-an-error",
        edits: &[Edit {
            file: PIPELINE,
            find: "    if ran.commits || !work.can_roll_back() {",
            replace: "    if ran.commits || work.can_roll_back() {",
        }],
        caught_by: &[
            "histories one_state::appends_and_reads_of_one_state_are_linearizable",
            "promises all_or_nothing::an_error_rolls_back_even_behind_an_alias",
            "storm http::a_storm_over_http_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "half-made-draft-of-an-error-in-code",
        edits: &[
            Edit {
                file: ONE,
                find: "        let result = run(&mut draft)?;\n",
                replace: "        let result = run(&mut draft);\n",
            },
            Edit {
                file: ONE,
                find: "        group.announce(revision);
        Ok(result)
",
                replace: "        group.announce(revision);
        result
",
            },
        ],
        caught_by: &[
            "promises all_or_nothing::an_update_in_code_that_fails_changes_nothing",
            "storm in_process::a_storm_in_process_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "half-made-draft-of-a-panic",
        edits: &[Edit {
            file: PIPELINE,
            find: "        let ran = run(arguments, &mut work.states);\n",
            replace: "        let ran = AssertUnwindSafe(|| run(arguments, &mut work.states));
        let ran = match std::panic::catch_unwind(ran) {
            Ok(ran) => ran,
            Err(panic) => {
                work.commit();
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
        name: "half-made-draft-of-a-panic-in-code",
        edits: &[Edit {
            file: ONE,
            find: "        let result = run(&mut draft)?;\n",
            replace: "        let ran = std::panic::AssertUnwindSafe(|| run(&mut draft));
        let result = match std::panic::catch_unwind(ran) {
            Ok(result) => result?,
            Err(panic) => {
                let mut slot: Slot = Arc::new(draft);
                self.group.committed();
                held.release(|cut| {
                    cut.publish(|slots| mem::swap(&mut slots[self.slot], &mut slot))
                });
                std::panic::resume_unwind(panic)
            }
        };
",
        }],
        caught_by: &[
            "promises all_or_nothing::an_update_in_code_that_panics_changes_nothing",
            "storm in_process::a_storm_in_process_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "half-a-commit-shows",
        edits: &[Edit {
            file: DRAFT,
            find: "            let revision = group.group().publish(|slots| {
                group.committed();
                for (borrow, draft) in drafts.filter(|(borrow, _)| of_group(borrow)) {
                    if let Some(draft) = draft {
                        mem::swap(&mut slots[borrow.slot], draft);
                    }
                }
            });
",
            replace: "            group.committed();
            let mut revision = 0;
            for (borrow, draft) in drafts.filter(|(borrow, _)| of_group(borrow)) {
                if let Some(draft) = draft {
                    let one = |slots: &mut crate::group::Slots| {
                        mem::swap(&mut slots[borrow.slot], draft);
                    };
                    revision = group.group().publish(one);
                }
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
        edits: &[
            Edit {
                file: LINE,
                find: "        if self.is_served(ticket) {
            return (Looked::Served, None);
        }
",
                replace: "        if self.holder.is_none()
            && let Some(at) = self.find(ticket)
            && let Some(waiter) = self.waiting.remove(at)
        {
            self.holder = Some(waiter.holder);
            self.totals.granted += 1;
            return (Looked::Served, waiter.waker);
        }
",
            },
            Edit {
                file: LINE,
                find: "        let next = self.waiting.pop_front();
        self.served = next.as_ref().map(|next| next.ticket);
        self.holder = next.as_ref().map(|next| next.holder);
        if next.is_some() {
            self.totals.granted += 1;
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
            "locks fair::a_newcomer_does_not_overtake_who_waits_even_at_the_moment_of_the_release",
            "locks fair::who_waits_is_served_in_the_order_of_asking_even_if_woken_in_another",
            "model waiting::nobody_is_overtaken",
        ],
    },
    Fault {
        name: "draft-made-before-the-grant",
        edits: &[Edit {
            file: DRAFT,
            find: "        let guards = acquire_all(&plan.locks, asker, deadline).await?;
        let mut work = Self::holding(plan, guards, runs, asker)?;
",
            replace: "        let early = plan.load().ok();
        let guards = acquire_all(&plan.locks, asker, deadline).await?;
        let mut work = Self::holding(plan, guards, runs, asker)?;
        if let Some(mut states) = early {
            for (borrow, slot) in work.plan.borrows.iter().zip(&mut states.slots) {
                if let (How::Draft(copy), Some(slot)) = (&borrow.how, slot) {
                    *slot = copy(slot);
                }
            }
            work.states = states;
        }
",
        }],
        caught_by: &[
            "histories one_state::appends_and_reads_of_one_state_are_linearizable",
            "promises all_or_nothing::a_thousand_concurrent_changes_all_count_and_none_shows_half",
            "storm http::a_storm_over_http_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "draft-made-before-the-grant-in-code",
        edits: &[
            Edit {
                file: ONE,
                find: "    place_in_line: Option<Ticket>,
}",
                replace: "    place_in_line: Option<Ticket>,
    early: Option<Slot>,
}",
            },
            Edit {
                file: ONE,
                find: "        place_in_line: None,\n",
                replace: "        place_in_line: None,
        early: None,
",
            },
            Edit {
                file: ONE,
                find: "                this.place_in_line = Some(ticket);\n",
                replace: "                this.place_in_line = Some(ticket);
                this.early = one.look(&one.group.group().cut());
",
            },
            Edit {
                file: ONE,
                find: "one.change_held(held.0, held.1, run)",
                replace: "one.change_held(held.0, this.early.take().or(held.1), run)",
            },
        ],
        caught_by: &["storm in_process::a_storm_in_process_loses_nothing_and_leaves_nothing"],
    },
    Fault {
        name: "release-before-the-commit",
        edits: &[Edit {
            file: DRAFT,
            find: "        let mut first = None;\n",
            replace: "        let mut first = None;
        self.guards.clear();
",
        }],
        caught_by: &["storm http::a_storm_over_http_loses_nothing_and_leaves_nothing"],
    },
    Fault {
        name: "release-before-the-commit-in-code",
        edits: &[Edit {
            file: ONE,
            find: "        let revision = held.release(|cut| {
            self.group.committed();
            cut.publish(|slots| mem::swap(&mut slots[self.slot], &mut slot))
        });
",
            replace: "        drop(held);
        self.group.committed();
        let revision = group
            .cut()
            .publish(|slots| mem::swap(&mut slots[self.slot], &mut slot));
",
        }],
        caught_by: &["storm in_process::a_storm_in_process_loses_nothing_and_leaves_nothing"],
    },
    Fault {
        name: "locks-in-the-order-named",
        edits: &[Edit {
            file: PLAN,
            find: "self.locks.insert(place, lock);",
            replace: "let _ = place;
            self.locks.push(lock);",
        }],
        caught_by: &[
            "promises no_hangs::handlers_that_name_two_locks_in_opposite_order_never_deadlock",
            "storm http::a_storm_over_http_loses_nothing_and_leaves_nothing",
        ],
    },
    Fault {
        name: "outdated-answer",
        edits: &[Edit {
            file: PLAN,
            find: "cut.revision == *revision && ",
            replace: "cut.revision >= *revision && ",
        }],
        caught_by: &[
            "promises cached::a_commit_makes_a_new_answer_with_a_new_tag",
            "promises cached::nobody_gets_an_answer_older_than_a_commit_that_was_known",
        ],
    },
    Fault {
        name: "answer-from-before-the-damage",
        edits: &[Edit {
            file: PLAN,
            find: "cut.revision == *revision && borrows.all(|borrow| cut.missing(borrow.slot).is_none())",
            replace: "cut.revision == *revision && borrows.all(|_| true)",
        }],
        caught_by: &[
            "promises cached::a_damaged_state_is_not_answered_from_before_the_damage",
            "promises cached::a_read_waits_for_a_change_in_place",
        ],
    },
    Fault {
        name: "newer-tag-of-an-older-answer",
        edits: &[Edit {
            file: PLAN,
            find: "        let states = self.load_seeing(|cut| revisions.push(cut.revision))?;\n",
            replace: "        let states = self.load()?;
        std::thread::yield_now();
        revisions.extend(self.groups.iter().map(|group| group.group().cut().revision));
",
        }],
        caught_by: &["promises cached::nobody_gets_an_answer_older_than_a_commit_that_was_known"],
    },
    Fault {
        name: "re-entry-waits",
        edits: &[Edit {
            file: ENGINE,
            find: "        self.refuse_reentry(&inside.line, asker.place)?;\n",
            replace: "",
        }],
        caught_by: &[
            "model waiting::who_asks_for_what_it_holds_is_always_told_so",
            "promises no_hangs::asking_again_for_a_held_lock_is_an_error_at_once_that_names_both_places",
        ],
    },
    Fault {
        name: "leaked-alarm",
        edits: &[Edit {
            file: ENGINE,
            find: "            if let Some(from) = from {
                clock::take_back(from);
            }
",
            replace: "            let _ = from;\n",
        }],
        caught_by: &["storm keys::names_that_are_waited_for_and_given_up_leave_no_memory"],
    },
    Fault {
        name: "commit-shows-before-its-instance",
        edits: &[
            Edit {
                file: DRAFT,
                find: "                group.committed();\n",
                replace: "",
            },
            Edit {
                file: DRAFT,
                find: "            first = first.or(Some(revision));\n",
                replace: "            group.committed();
            first = first.or(Some(revision));
",
            },
        ],
        caught_by: &[
            "histories shown::what_a_handler_was_shown_in_the_middle_of_a_commit_code_sees_too",
        ],
    },
];
