//! Commits that should not be made: because the client has not seen the state, or because nothing was changed.

use super::{Edit, Mutation};
use crate::source::{
    CLOSURE_RESULT, COMMIT_RULE, GET_OR_INIT, PRECONDITION, SUBSCRIPTION, TABLE, WRITE_ETAG,
};

pub(super) const MUTATIONS: &[Mutation] = &[
    Mutation {
        name: "if-match-is-ignored",
        edits: &[Edit {
            file: WRITE_ETAG,
            find: "        self.conditions.admit_change(tag.as_ref())\n",
            replace: "        let _ = self.conditions.admit_change(tag.as_ref());\n        Ok(())\n",
        }],
        caught_by: &[
            "guarantees etag::a_change_that_rests_on_an_older_revision_is_refused",
            "guarantees etag::of_many_who_have_read_the_same_one_makes_a_change",
        ],
    },
    Mutation {
        name: "kept-response-with-the-tag-before-its-commit",
        edits: &[Edit {
            file: WRITE_ETAG,
            find: "Decision::Commit => call.transaction.next_revision(),",
            replace: "Decision::Commit => self.before,",
        }],
        caught_by: &[
            "guarantees idempotent::with_etag::a_response_has_the_tag_of_the_commit_that_it_is_kept_with",
        ],
    },
    Mutation {
        name: "if-match-compares-weakly",
        edits: &[Edit {
            file: PRECONDITION,
            find: "        if tags.iter().any(|tag| !tag.is_weak && same(&tag)) {\n",
            replace: "        if tags.iter().any(|tag| same(&tag)) {\n",
        }],
        caught_by: &["guarantees etag::lists_stars_weak_and_malformed_tags_are_understood"],
    },
    Mutation {
        name: "tags-of-another-life-match",
        edits: &[Edit {
            file: TABLE,
            find: "        PROCESS.hash_one(self.id)\n",
            replace: "        PROCESS.hash_one(0)\n",
        }],
        caught_by: &["guarantees etag::a_tag_of_another_life_of_the_state_does_not_match"],
    },
    Mutation {
        name: "cache-is-filled-again",
        edits: &[Edit {
            file: GET_OR_INIT,
            find: "                if is_there {\n",
            replace: "                if is_there && false {\n",
        }],
        caught_by: &[
            "guarantees get_or_init::of_many_who_ask_at_once_one_fills_it",
            "guarantees get_or_init::requests_share_what_one_has_fetched",
        ],
    },
    Mutation {
        name: "subscription-loses-the-value",
        edits: &[Edit {
            file: SUBSCRIPTION,
            find: "                return Ok(value.map(Committed::new));\n",
            replace: "                return Ok(None);\n",
        }],
        caught_by: &["guarantees subscriptions::creation_and_removal_are_heard_of"],
    },
    Mutation {
        name: "unchanged-commits",
        edits: &[Edit {
            file: COMMIT_RULE,
            find: "        false => Decision::Unchanged,\n",
            replace: "        false => Decision::Commit,\n",
        }],
        caught_by: &[
            "guarantees unchanged::a_handler_that_changes_nothing_makes_no_commit",
            "guarantees unchanged::tags_and_cached_responses_stay_and_the_draft_is_dropped",
        ],
    },
    Mutation {
        name: "unchanged-update-commits",
        edits: &[Edit {
            file: CLOSURE_RESULT,
            find: "        self.is_changed()\n",
            replace: "        true\n",
        }],
        caught_by: &["guarantees unchanged::a_closure_that_changes_nothing_makes_no_commit"],
    },
];
