//! Instances that are removed although others were used less recently, or although somebody uses them.

use super::{Edit, Mutation};
use crate::source::EVICTION;

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "eviction-in-the-order-of-creation",
        edits: &[Edit {
            file: EVICTION,
            find: "if last_use > candidate.used {",
            replace: "if last_use == u64::MAX {",
        }],
        caught_by: &[
            "guarantees limited_instances::an_instance_that_nobody_uses_for_so_long_is_removed",
            "guarantees limited_instances::the_least_recently_used_instances_are_removed_if_there_are_too_many",
        ],
    },
    Mutation {
        name: "eviction-of-an-instance-in-use",
        edits: &[
            Edit {
                file: EVICTION,
                find: "    if instance.is_shared() || lock.holder().is_some() {
",
                replace: "    if lock.holder().is_some() {
",
            },
            Edit {
                file: EVICTION,
                find: "    if instance.is_shared() {
        return false;
    }
",
                replace: "",
            },
        ],
        caught_by: &["guarantees limited_instances::an_instance_that_somebody_follows_stays"],
    },
];
