//! A store that several machines share, on which they do not see each other, or do not know what became of a change.

use super::{Edit, Mutation};
use crate::source::{POSTGRES_TRANSACTION, READING, RESPONSES, SETTLE};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "read-without-asking-the-store",
        edits: &[Edit {
            file: READING,
            find: "if asked.is_none() && self.is_fresh(stale) =>",
            replace: "if asked.is_none() =>",
        }],
        caught_by: &[
            "postgres across_machines::a_read_sees_what_another_machine_has_answered",
            "linearizability keyed_states::updates_and_reads_of_keyed_states_are_linearizable",
        ],
    },
    Mutation {
        name: "uncertain-commit-taken-for-kept",
        edits: &[Edit {
            file: SETTLE,
            find: "                return Outcome::NotWritten;",
            replace: "                return Outcome::Written;",
        }],
        caught_by: &["postgres cuts::a_cut_at_any_byte_leaves_each_change_done_once_or_not_at_all"],
    },
    Mutation {
        name: "uncertain-commit-taken-for-lost",
        edits: &[Edit {
            file: SETTLE,
            find: "            Ok(found) if found >= batch => {",
            replace: "            Ok(found) if found > batch => {",
        }],
        caught_by: &["postgres cuts::a_cut_at_any_byte_leaves_each_change_done_once_or_not_at_all"],
    },
    Mutation {
        name: "repeated-request-on-another-machine",
        edits: &[Edit {
            file: RESPONSES,
            find: "            None => Claim::New(call),\n",
            replace: "            _ if true => Claim::New(call),\n            None => Claim::New(call),\n",
        }],
        caught_by: &[
            "postgres across_machines::a_request_with_a_key_is_done_once_on_whatever_machine_it_is_sent_again",
        ],
    },
    Mutation {
        name: "stopped-process-keeps-its-rows",
        edits: &[Edit {
            file: POSTGRES_TRANSACTION,
            find: "        locking.idle.as_millis()\n",
            replace: "        locking.idle.as_millis() & 0\n",
        }],
        caught_by: &[
            "postgres stopped_process::a_process_that_was_stopped_holds_others_up_for_a_moment_only",
        ],
    },
];
