//! Commits that are torn, lost, or made when they should not be.

use super::{Edit, Mutation};
use crate::source::{DRAFT, ONE, PIPELINE};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "commit-on-error",
        edits: &[Edit {
            file: PIPELINE,
            find: "        if commits || !self.work.can_roll_back() {",
            replace: "        if commits || self.work.can_roll_back() {",
        }],
        caught_by: &[
            "linearizability one_state::appends_and_reads_of_one_state_are_linearizable",
            "guarantees all_or_nothing::an_error_rolls_back_even_behind_a_type_alias",
            "stress http::random_requests_over_http_lose_nothing_and_leave_nothing",
        ],
    },
    Mutation {
        name: "commit-on-error-in-update",
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
            "guarantees all_or_nothing::an_update_that_fails_changes_nothing",
            "stress in_process::random_updates_in_process_lose_nothing_and_leave_nothing",
        ],
    },
    Mutation {
        name: "commit-on-panic",
        edits: &[Edit {
            file: PIPELINE,
            find: "        let ran = run(arguments, &mut held.work.states);\n",
            replace: "        let ran = std::panic::AssertUnwindSafe(|| run(arguments, &mut held.work.states));
        let ran = match std::panic::catch_unwind(ran) {
            Ok(ran) => ran,
            Err(panic) => {
                held.work.commit();
                std::panic::resume_unwind(panic)
            }
        };
",
        }],
        caught_by: &[
            "guarantees all_or_nothing::a_panic_rolls_back_and_its_response_hides_the_cause",
            "stress http::random_requests_over_http_lose_nothing_and_leave_nothing",
        ],
    },
    Mutation {
        name: "commit-on-panic-in-update",
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
            "guarantees all_or_nothing::an_update_that_panics_changes_nothing",
            "stress in_process::random_updates_in_process_lose_nothing_and_leave_nothing",
        ],
    },
    Mutation {
        name: "torn-commit",
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
            "guarantees all_or_nothing::a_thousand_concurrent_updates_all_count_and_none_is_torn",
            "stress http::random_requests_over_http_lose_nothing_and_leave_nothing",
        ],
    },
    Mutation {
        name: "draft-before-lock",
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
            "linearizability one_state::appends_and_reads_of_one_state_are_linearizable",
            "guarantees all_or_nothing::a_thousand_concurrent_updates_all_count_and_none_is_torn",
            "stress http::random_requests_over_http_lose_nothing_and_leave_nothing",
        ],
    },
    Mutation {
        name: "draft-before-lock-in-update",
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
        caught_by: &["stress in_process::random_updates_in_process_lose_nothing_and_leave_nothing"],
    },
    Mutation {
        name: "release-before-commit",
        edits: &[Edit {
            file: DRAFT,
            find: "        let mut first = None;\n",
            replace: "        let mut first = None;
        self.guards.clear();
",
        }],
        caught_by: &["stress http::random_requests_over_http_lose_nothing_and_leave_nothing"],
    },
    Mutation {
        name: "release-before-commit-in-update",
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
        caught_by: &["stress in_process::random_updates_in_process_lose_nothing_and_leave_nothing"],
    },
    Mutation {
        name: "commit-visible-before-its-instance",
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
            "linearizability commit_visibility::a_commit_that_a_handler_has_read_is_visible_outside_handlers",
        ],
    },
];
