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
            "guarantees cached::a_commit_makes_a_new_response_with_a_new_etag",
            "guarantees cached::no_response_is_older_than_an_acknowledged_commit",
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
            "guarantees cached::a_damaged_state_is_not_served_from_the_cache",
            "guarantees cached::a_read_waits_for_an_in_place_handler",
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
        caught_by: &["guarantees cached::no_response_is_older_than_an_acknowledged_commit"],
    },
];
