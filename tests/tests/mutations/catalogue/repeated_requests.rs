//! Requests with a key that are done twice, or whose response is not that of their commit.

use super::{Edit, Mutation};
use crate::source::{COMMIT, RESPONSES};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "response-before-its-commit",
        edits: &[Edit {
            file: COMMIT,
            find: "            repairs: all_repairs,
            response,
",
            replace: "            repairs: all_repairs,
            response: response.and_then(|response| { response.publish(); None }),
",
        }],
        caught_by: &[
            "guarantees idempotent::a_client_that_is_gone_before_its_commit_is_durable_finds_the_response_later",
            "guarantees idempotent::a_response_is_replayed_when_its_commit_is_durable_and_not_before",
        ],
    },
    Mutation {
        name: "repetition-beside-the-first-request",
        edits: &[Edit {
            file: RESPONSES,
            find: "None => table.running.insert(id, request),",
            replace: "None => None::<Hash>,",
        }],
        caught_by: &[
            "guarantees idempotent::a_request_is_running_until_it_is_done_and_its_response_is_there_for_the_next_one",
            "guarantees idempotent::a_response_is_replayed_when_its_commit_is_durable_and_not_before",
            "stress repeated::repeated_requests_are_made_once",
        ],
    },
    Mutation {
        name: "response-of-a-commit-that-is-not-kept",
        edits: &[Edit {
            file: COMMIT,
            find: "        drop((dropped, record));
",
            replace: "        if let Some(response) = self.response {
            response.publish();
        }
        drop((dropped, record));
",
        }],
        caught_by: &[
            "stress repeated::repeated_requests_are_made_once_although_the_store_is_unreliable",
        ],
    },
    Mutation {
        name: "repetition-while-the-commit-is-written",
        edits: &[Edit {
            file: RESPONSES,
            find: "        let keep_for = self.responses.table().limits.keep_for;
",
            replace: "        self.responses.table().running.remove(&self.id);
        let keep_for = self.responses.table().limits.keep_for;
",
        }],
        caught_by: &[
            "guarantees idempotent::a_client_that_is_gone_before_its_commit_is_durable_finds_the_response_later",
            "guarantees idempotent::a_response_is_replayed_when_its_commit_is_durable_and_not_before",
        ],
    },
];
