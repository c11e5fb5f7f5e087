//! Live responses that are stale, doubled or not sent.

use super::{Edit, Mutation};
use crate::source::{FEEDS, LISTENER, PRODUCER};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "stale-first-event",
        edits: &[Edit {
            file: LISTENER,
            find: "if durable.is_some_and(|durable| durable == latest.revisions) {",
            replace: "if durable.is_some() {",
        }],
        caught_by: &["guarantees live::the_first_event_has_every_commit_that_was_answered"],
    },
    Mutation {
        name: "event-ids-of-every-process",
        edits: &[Edit {
            file: FEEDS,
            find: "tag: format!(\"{epoch:016x}\"),",
            replace: "tag: format!(\"{:016x}\", epoch & 0),",
        }],
        caught_by: &[
            "guarantees live::a_client_of_an_earlier_process_gets_the_newest_whatever_it_has_seen",
        ],
    },
    Mutation {
        name: "commit-without-an-event",
        edits: &[Edit {
            file: PRODUCER,
            find: "            let is_new = latest.revisions != revisions;
            latest.event = event;",
            replace: "            let is_new = false;
            latest.event = event;",
        }],
        caught_by: &[
            "guarantees live::a_listener_gets_the_state_and_then_every_commit_with_its_revision",
        ],
    },
];
