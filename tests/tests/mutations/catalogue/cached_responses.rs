//! Cached responses that do not match the state.

use super::{Edit, Mutation};
use crate::source::READING;

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "stale-cached-response",
        edits: &[Edit {
            file: READING,
            find: "chain.durable().revision() == revision.revision",
            replace: "chain.durable().revision() >= revision.revision",
        }],
        caught_by: &[
            "guarantees cached::a_commit_makes_a_new_response_with_a_new_etag",
            "guarantees cached::no_response_is_older_than_an_acknowledged_commit",
        ],
    },
    Mutation {
        name: "cached-response-of-damaged-state",
        edits: &[Edit {
            file: READING,
            find: "accesses.all(|access| chain.unavailable(access.index).is_none())",
            replace: "accesses.all(|_| true)",
        }],
        caught_by: &[
            "guarantees cached::a_damaged_state_is_not_served_from_the_cache",
            "guarantees cached::a_read_waits_for_an_in_place_handler",
        ],
    },
    Mutation {
        name: "newer-etag-on-older-response",
        edits: &[Edit {
            file: READING,
            find: "        let see = |chain: &Chain| revisions.push(durable_stamp(chain));
        let arguments = match asked {
            None => self.load(
                Chain::durable,
                Chain::durable_epoch,
                Chain::unavailable,
                see,
            )?,
            Some(asked) => self.load_asked(asked, see)?,
        };
",
            replace: "        let arguments = self.load_durable(asked)?;
        std::thread::yield_now();
        let groups = self.groups.iter();
        revisions.extend(groups.map(|group| durable_stamp(&group.group().chain())));
",
        }],
        caught_by: &["guarantees cached::no_response_is_older_than_an_acknowledged_commit"],
    },
];
