//! Commits of a store that does not write at once: seen, answered or built upon although they are not kept.

use super::{Edit, Mutation};
use crate::source::{
    CHAIN, COMMIT, GROUP_REF, JOURNAL, RUN, SINGLE_STATE, TRANSACTION, WRITE_CALL,
};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "visible-before-durable",
        edits: &[Edit {
            file: CHAIN,
            find: "    pub(crate) fn durable(&self) -> &Version {
        &self.durable
",
            replace: "    pub(crate) fn durable(&self) -> &Version {
        self.newest()
",
        }],
        caught_by: &[
            "guarantees store::visibility::a_commit_is_not_seen_before_it_is_durable",
            "guarantees store::keyed::an_instance_is_there_when_its_first_commit_is_durable",
        ],
    },
    Mutation {
        name: "announced-before-durable",
        edits: &[Edit {
            file: SINGLE_STATE,
            find: "            Ok(Receipt::Pending(pending)) => (result, Some(pending)),\n",
            replace: "            Ok(Receipt::Pending(pending)) => {
                let revision = pending.revision.unwrap_or_default();
                self.group.group().announce(revision);
                (result, Some(pending))
            }
",
        }],
        caught_by: &[
            "guarantees store::visibility::subscribers_hear_of_a_commit_when_it_is_durable",
        ],
    },
    Mutation {
        name: "response-before-durable",
        edits: &[Edit {
            file: WRITE_CALL,
            find: "                self.trace.finished(pending.revision);
",
            replace: "                self.trace.finished(pending.revision);
                if true {
                    return Ok(Responding::after(outcome, self.handler.info));
                }
",
        }],
        caught_by: &[
            "guarantees store::responses::a_response_waits_until_its_commit_is_durable",
            "guarantees store::responses::an_error_response_waits_until_what_it_was_made_from_is_durable",
        ],
    },
    Mutation {
        name: "update-ends-before-durable",
        edits: &[Edit {
            file: SINGLE_STATE,
            find: "            (result, None) => Poll::Ready(result),\n",
            replace: "            (result, _) => Poll::Ready(result),\n",
        }],
        caught_by: &[
            "guarantees store::visibility::a_commit_is_not_seen_before_it_is_durable",
            "guarantees store::failure::a_commit_that_is_not_kept_leaves_no_trace",
        ],
    },
    Mutation {
        name: "update-of-several-states-ends-before-durable",
        edits: &[Edit {
            file: RUN,
            find: "    receipt.durable().await.map_err(UpdateError::from)?;\n",
            replace: "    let _ = receipt;\n",
        }],
        caught_by: &["guarantees store::visibility::a_replaced_value_is_seen_when_it_is_durable"],
    },
    Mutation {
        name: "failed-head-stays",
        edits: &[Edit {
            file: CHAIN,
            find: "        Some(pending.versions.split_off(first))\n",
            replace: "        let _ = first;
        Some(pending.versions.split_off(pending.versions.len()))
",
        }],
        caught_by: &["guarantees store::failure::a_commit_that_is_not_kept_leaves_no_trace"],
    },
    Mutation {
        name: "commit-on-top-of-a-failed-one-is-written",
        edits: &[Edit {
            file: JOURNAL,
            find: "            .any(|base| base.has_failed())\n",
            replace: "            .any(|_| false)\n",
        }],
        caught_by: &[
            "guarantees store::failure::commits_on_top_of_a_failed_one_fail_with_it_and_others_do_not",
            "guarantees store::failure::a_commit_of_which_a_base_under_another_lock_failed_fails_with_it",
        ],
    },
    Mutation {
        name: "revision-of-a-failed-commit-is-used-again",
        edits: &[Edit {
            file: CHAIN,
            find: "        pending.last_revision += 1;
        let revision = pending.last_revision;
",
            replace: "        let head = pending.versions.back();
        let newest = head.map_or(self.durable.revision(), |head| head.version.revision());
        pending.last_revision = newest + 1;
        let revision = pending.last_revision;
",
        }],
        caught_by: &[
            "guarantees store::failure::the_revision_of_a_failed_commit_is_never_used_again",
        ],
    },
    Mutation {
        name: "revision-of-a-failed-instance-is-used-again",
        edits: &[Edit {
            file: GROUP_REF,
            find: "    fn on_discard(&self, revision: u64) {
        self.retire(revision);
",
            replace: "    fn on_discard(&self, revision: u64) {
        let _ = revision;
",
        }],
        caught_by: &[
            "guarantees store::keyed::an_instance_whose_first_commit_is_not_kept_does_not_exist_and_leaves_nothing",
        ],
    },
    Mutation {
        name: "revision-of-a-removed-instance-is-used-again",
        edits: &[Edit {
            file: GROUP_REF,
            find: "        if values.is_empty() {
            self.retire(revision);
        }
",
            replace: "        let _ = revision;\n",
        }],
        caught_by: &[
            "guarantees keyed_states::a_removed_instance_starts_again_from_its_initial_value",
        ],
    },
    Mutation {
        name: "published-lock-by-lock",
        edits: &[Edit {
            file: COMMIT,
            find: "        let mut chains = chains(&groups);
        for (((chain, group), lock), repairs) in chains
            .iter_mut()
            .zip(&groups)
            .zip(record.locks)
            .zip(&repairs)
        {
            group.on_publish(lock.revision, &lock.values);
            replaced.push(chain.publish(lock.revision, lock.values));
            repairs.publish(chain);
        }
        // Whoever sees the commit finds the response, and the other way round.
        if let Some(response) = response {
            response.publish();
        }
        drop(chains);
",
            replace: "        for ((group, lock), repairs) in groups.iter().zip(record.locks).zip(&repairs) {
            let mut chain = group.group().chain();
            group.on_publish(lock.revision, &lock.values);
            replaced.push(chain.publish(lock.revision, lock.values));
            repairs.publish(&mut chain);
            drop(chain);
            std::thread::yield_now();
        }
        if let Some(response) = response {
            response.publish();
        }
",
        }],
        caught_by: &[
            "guarantees store::several_locks::nobody_sees_half_of_a_transfer_that_a_store_has_written",
        ],
    },
    Mutation {
        name: "roll-back-ends-before-what-it-has-seen",
        edits: &[Edit {
            file: TRANSACTION,
            find: "        Receipt::unchanged(mem::take(&mut self.bases))\n",
            replace: "        Receipt::Durable(None)\n",
        }],
        caught_by: &[
            "guarantees store::responses::an_error_response_waits_until_what_it_was_made_from_is_durable",
            "guarantees store::responses::an_error_response_that_was_made_from_what_is_not_kept_becomes_a_503",
        ],
    },
    Mutation {
        name: "roll-back-of-an-update-ends-before-what-it-has-seen",
        edits: &[Edit {
            file: SINGLE_STATE,
            find: "                Ok(Receipt::unchanged(base.into_iter().collect()))\n",
            replace: "                Ok(Receipt::Durable(None))\n",
        }],
        caught_by: &[
            "guarantees store::failure::a_roll_back_fails_with_the_commit_that_it_has_seen",
        ],
    },
    Mutation {
        name: "more-is-written-after-an-unknown-outcome",
        edits: &[Edit {
            file: JOURNAL,
            find: "        self.closed = Some(reason.clone());\n",
            replace: "",
        }],
        caught_by: &[
            "guarantees store::failure::after_an_unknown_outcome_the_store_takes_no_more_changes",
        ],
    },
    Mutation {
        name: "failed-change-in-place-is-seen",
        edits: &[Edit {
            file: COMMIT,
            find: "            repairs.discard(chain);\n",
            replace: "            repairs.publish(chain);\n",
        }],
        caught_by: &[
            "guarantees store::in_place::a_change_in_place_that_is_not_kept_damages_the_state_until_it_is_replaced",
        ],
    },
];
