//! Commits that are torn, lost, or made when they should not be.

use super::{Edit, Mutation};
use crate::source::{ACCESS_PLAN, COMMIT, PIPELINE, RUN, SINGLE_STATE, TRANSACTION, WRITE_CALL};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "commit-on-error",
        edits: &[Edit {
            file: WRITE_CALL,
            find: "        let receipt = self.transaction.finish(commits);\n",
            replace: "        let commits = commits || self.transaction.can_roll_back();
        let receipt = self.transaction.finish(commits);
",
        }],
        caught_by: &[
            "linearizability one_state::appends_and_reads_of_one_state_are_linearizable",
            "guarantees all_or_nothing::an_error_rolls_back_even_behind_a_type_alias",
            "stress http::random_requests_over_http_lose_nothing_and_leave_nothing",
        ],
    },
    Mutation {
        name: "commit-on-error-in-update",
        edits: &[Edit {
            file: SINGLE_STATE,
            find: "        let receipt = match result.is_ok() {\n",
            replace: "        let receipt = match true {\n",
        }],
        caught_by: &[
            "guarantees all_or_nothing::an_update_that_fails_changes_nothing",
            "stress in_process::random_updates_in_process_lose_nothing_and_leave_nothing",
        ],
    },
    Mutation {
        name: "commit-on-error-in-update-of-several-states",
        edits: &[Edit {
            file: RUN,
            find: "    let receipt = transaction.finish(result.is_ok());
    drop(transaction);
    let receipt = receipt.map_err(UpdateError::from)?;
    receipt.durable().await",
            replace: "    let receipt = transaction.finish(true);
    drop(transaction);
    let receipt = receipt.map_err(UpdateError::from)?;
    receipt.durable().await",
        }],
        caught_by: &[
            "guarantees store::several_locks::an_error_in_an_update_of_several_states_rolls_all_of_them_back",
        ],
    },
    Mutation {
        name: "commit-on-panic",
        edits: &[Edit {
            file: PIPELINE,
            find: "                return call.refuse(refused);
            }
            let output = run(extracted, &mut call.transaction.arguments);
",
            replace: "                return call.refuse(refused);
            }
        let output = || run(extracted, &mut call.transaction.arguments);
        let output = match std::panic::catch_unwind(std::panic::AssertUnwindSafe(output)) {
            Ok(output) => output,
            Err(panic) => {
                let _ = call.transaction.finish(true);
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
            file: SINGLE_STATE,
            find: "        let result = run(&mut draft);\n",
            replace: "        let ran = std::panic::AssertUnwindSafe(|| run(&mut draft));
        let result = match std::panic::catch_unwind(ran) {
            Ok(result) => result,
            Err(panic) => {
                let mut value: Value = Arc::new(draft);
                let _ = commit_and_release(held, &self.group, base, |values| {
                    mem::swap(&mut values[self.index], &mut value);
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
        edits: &[
            Edit {
                file: TRANSACTION,
                find: "        commit_and_release(held, &plan.groups[0], self.bases.pop(), |committed| {
            for (access, draft) in plan.accesses.iter().zip(values.iter_mut()) {
",
                replace: "        let later = plan.accesses.iter().zip(values.iter_mut()).skip(1);
        for (access, draft) in later {
            if let (AccessMode::Draft(_), Some(draft)) = (&access.mode, draft) {
                let mut chain = plan.groups[0].group().chain();
                chain.commit_now(|committed| mem::swap(&mut committed[access.index], draft));
            }
        }
        std::thread::yield_now();
        commit_and_release(held, &plan.groups[0], self.bases.pop(), |committed| {
            for (access, draft) in plan.accesses.iter().zip(values.iter_mut()).take(1) {
",
            },
        ],
        caught_by: &[
            "guarantees all_or_nothing::a_thousand_concurrent_updates_all_count_and_none_is_torn",
            "stress http::random_requests_over_http_lose_nothing_and_leave_nothing",
        ],
    },
    Mutation {
        name: "torn-commit-of-two-locks",
        edits: &[
            Edit {
                file: COMMIT,
                find: "    for (chain, (index, group)) in chains.iter_mut().zip(groups.clone()) {
        let revision",
                replace: "    drop(chains);
    for (index, group) in groups.clone() {
        std::thread::yield_now();
        let mut chain = group.group().chain();
        let chain = &mut *chain;
        let revision",
            },
            Edit {
                file: COMMIT,
                find: "        response.publish();
    }
    drop(chains);
",
                replace: "        response.publish();
    }
",
            },
        ],
        caught_by: &[
            "guarantees store::several_locks::nobody_who_reads_both_sides_of_a_transfer_sees_half_of_it",
        ],
    },
    Mutation {
        name: "torn-read",
        edits: &[
            Edit {
                file: ACCESS_PLAN,
                find: "                let chains = groups.iter().map(|group| group.group().chain());
                let chains: SmallVec<[ChainGuard<'_>; 2]> = chains.collect();
                self.load_from(&chains, version, epoch, unavailable, &mut see)
",
                replace: "                let _ = &epoch;
                let mut arguments = Arguments::default();
                for access in &self.accesses {
                    std::thread::yield_now();
                    let chain = groups[access.group].group().chain();
                    let value = version(&chain).values.get(access.index);
                    arguments.values.push(value.cloned());
                }
                groups.iter().for_each(|group| see(&group.group().chain()));
                Ok(arguments)
",
            },
        ],
        caught_by: &[
            "guarantees store::several_locks::nobody_who_reads_both_sides_of_a_transfer_sees_half_of_it",
        ],
    },
    Mutation {
        name: "draft-before-lock",
        edits: &[
            Edit {
                file: TRANSACTION,
                find: "        let guards = acquire_all(&plan.locks, request, policy).await?;\n",
                replace: "        let early = plan.load_newest(false).ok();
        let guards = acquire_all(&plan.locks, request, policy).await?;
",
            },
            Edit {
                file: TRANSACTION,
                find: "            Ok(transaction) => Ok(transaction),
            Err(transaction) => Box::pin(transaction.begin_with_rows(run_in, policy)).await,
",
                replace: "            Ok(mut transaction) => {
                if let Some((mut arguments, _)) = early {
                    let accesses = transaction.plan.accesses.iter();
                    for (access, value) in accesses.zip(&mut arguments.values) {
                        if let (AccessMode::Draft(copy), Some(value)) = (&access.mode, value) {
                            *value = copy(value);
                        }
                    }
                    transaction.arguments = arguments;
                }
                Ok(transaction)
            }
            Err(transaction) => Box::pin(transaction.begin_with_rows(run_in, policy)).await,
",
            },
        ],
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
                file: SINGLE_STATE,
                find: "    run: Option<F>,
}
",
                replace: "    run: Option<F>,
    early: Option<Value>,
}
",
            },
            Edit {
                file: SINGLE_STATE,
                find: "        run: Some(run),\n",
                replace: "        run: Some(run),
        early: None,
",
            },
            Edit {
                file: SINGLE_STATE,
                find: "                this.step = Step::Wait(state, id);\n",
                replace: "                this.early = state.load(&state.group.group().chain());
                this.step = Step::Wait(state, id);
",
            },
            Edit {
                file: SINGLE_STATE,
                find: "            Ok(Acquisition::Held(newest)) => (Held::new(lock, request), newest),\n",
                replace: "            Ok(Acquisition::Held(newest)) => {
                (Held::new(lock, request), this.early.take().or(newest))
            }
",
            },
        ],
        caught_by: &["stress in_process::random_updates_in_process_lose_nothing_and_leave_nothing"],
    },
    Mutation {
        name: "release-before-commit",
        edits: &[
            Edit {
                file: TRANSACTION,
                find: "        let is_single = self.guards.len() == 1\n",
                replace: "        let is_single = false
            && self.guards.len() == 1
",
            },
            Edit {
                file: TRANSACTION,
                find: "        let bases = mem::take(&mut self.bases);\n",
                replace: "        self.guards.clear();
        let bases = mem::take(&mut self.bases);
",
            },
        ],
        caught_by: &["stress http::random_requests_over_http_lose_nothing_and_leave_nothing"],
    },
    Mutation {
        name: "release-before-commit-in-update",
        edits: &[Edit {
            file: COMMIT,
            find: "    let receipt = held.release(|chain| {\n",
            replace: "    fn after<T>(group: &super::group::LockGroup, last: impl FnOnce(&mut Chain) -> T) -> T {
        last(&mut group.chain())
    }
    drop(held);
    let receipt = after(group.group(), |chain| {
",
        }],
        caught_by: &["stress in_process::random_updates_in_process_lose_nothing_and_leave_nothing"],
    },
    Mutation {
        name: "commit-visible-before-its-instance",
        edits: &[
            Edit {
                file: COMMIT,
                find: "        group.on_publish(revision, &chain.durable().values);
        availability_changed",
                replace: "        availability_changed",
            },
            Edit {
                file: COMMIT,
                find: "        if availability_changed {
            group.group().notify_availability();
        }
",
                replace: "        if availability_changed {
            group.group().notify_availability();
        }
        let values = group.group().chain().durable().values.clone();
        group.on_publish(*revision, &values);
",
            },
        ],
        caught_by: &[
            "linearizability commit_visibility::a_commit_that_a_handler_has_read_is_visible_outside_handlers",
        ],
    },
];
