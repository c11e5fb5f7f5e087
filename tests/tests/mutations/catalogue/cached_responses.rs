//! Cached responses that do not match the state.

use super::{Edit, Mutation};
use crate::source::PLAN;

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "stale-cached-response",
        edits: &[Edit {
            file: PLAN,
            find: "cut.revision == *revision && ",
            replace: "cut.revision >= *revision && ",
        }],
        caught_by: &[
            "guarantees cached::a_commit_makes_a_new_answer_with_a_new_tag",
            "guarantees cached::nobody_gets_an_answer_older_than_a_commit_that_was_known",
        ],
    },
    Mutation {
        name: "cached-response-of-damaged-state",
        edits: &[Edit {
            file: PLAN,
            find: "cut.revision == *revision && borrows.all(|borrow| cut.missing(borrow.slot).is_none())",
            replace: "cut.revision == *revision && borrows.all(|_| true)",
        }],
        caught_by: &[
            "guarantees cached::a_damaged_state_is_not_answered_from_before_the_damage",
            "guarantees cached::a_read_waits_for_a_change_in_place",
        ],
    },
    Mutation {
        name: "newer-etag-on-older-response",
        edits: &[Edit {
            file: PLAN,
            find: "        let states = self.load_seeing(|cut| revisions.push(cut.revision))?;\n",
            replace: "        let states = self.load()?;
        std::thread::yield_now();
        revisions.extend(self.groups.iter().map(|group| group.group().cut().revision));
",
        }],
        caught_by: &["guarantees cached::nobody_gets_an_answer_older_than_a_commit_that_was_known"],
    },
];
