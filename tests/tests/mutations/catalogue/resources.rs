//! Instances that are made, removed, listed and bound wrongly.

use super::{Edit, Mutation};
use crate::source::{KEY_INDEX, OPTIONAL, RESOLVE, TRANSACTION};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "taken-instance-stays",
        edits: &[Edit {
            file: OPTIONAL,
            find: "None if was_there() => Fate::IsRemoved,",
            replace: "None if was_there() => Fate::StaysAbsent,",
        }],
        caught_by: &[
            "guarantees resources::an_instance_is_made_replaced_and_removed",
            "linearizability keyed_states::updates_and_reads_of_keyed_states_are_linearizable",
        ],
    },
    Mutation {
        name: "taken-instance-is-removed-on-error",
        edits: &[Edit {
            file: TRANSACTION,
            find: "let receipt = match commits || self.is_checked_out {",
            replace: "let is_optional = |access: &Access| matches!(access.mode, AccessMode::OptionalDraft(_));
        let is_optional = self.plan.accesses.iter().any(is_optional);
        let receipt = match commits || is_optional || self.is_checked_out {",
        }],
        caught_by: &[
            "guarantees resources::an_error_leaves_the_instance_that_was_taken",
            "linearizability keyed_states::updates_and_reads_of_keyed_states_are_linearizable",
        ],
    },
    Mutation {
        name: "same-instance-twice",
        edits: &[Edit {
            file: RESOLVE,
            find: "if earlier.any(|other| std::ptr::eq(other, group_of_it)) {",
            replace: "if earlier.any(|other| std::ptr::eq(other, group_of_it)) && at > 1 {",
        }],
        caught_by: &[
            "guarantees keys_from_arguments::the_same_instance_twice_is_a_bad_request_that_names_it",
        ],
    },
    Mutation {
        name: "first-of-a-page-was-on-the-last",
        edits: &[Edit {
            file: KEY_INDEX,
            find: "Some(key) => Bound::Excluded(OrderedKey(key.clone())),",
            replace: "Some(key) => Bound::Included(OrderedKey(key.clone())),",
        }],
        caught_by: &["guarantees resources::instances_are_listed_in_pages_in_the_order_of_their_keys"],
    },
];
