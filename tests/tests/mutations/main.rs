//! Does the suite see a fault when there is one? Each mutation of [`catalogue`] is applied to a copy of the workspace, one at
//! a time. The tests of the lock engine are built and run there, and have to fail, the named ones among them.
//!
//! The engine has no switch for this. A mutation is an edit of its source. Every test run checks that the edits still fit, and
//! that the named tests exist.
//!
//! Running the mutations takes an hour on two cores, so it is off by default: `KR_MUTATIONS=all cargo test --test mutations --
//! --nocapture` runs all of them, and a list of names with commas between runs those.
//!
//! Each mutation, two of the tests that catch it, and how many tests of each suite did not pass in the last full run.
//! Where a mutation makes a test wait for ever, the tests behind it count as well.
//! Five kinds of fault are marked: (a) an entry is removed too early, (b) something leaks, (c) a commit is not atomic, (d) the
//! queue is not fair, (e) a commit is seen, answered or built upon although the store may not keep it.
//!
//! | mutation | what it does | caught by, among others | tests that did not pass |
//! |---|---|---|---|
//! | `remove-while-requested` | (a) a lock is removed between a request for it and its first poll | `a_lock_that_was_requested_but_not_yet_polled_is_not_removed` (locks), `three_tasks_never_hold_a_lock_together_and_leave_no_entry` (model_checking) | locks 1, model_checking 7, stress 4 |
//! | `remove-the-successor` | (a) a lock that is dropped removes the entry of its successor | `three_tasks_never_hold_a_lock_together_and_leave_no_entry`, `reentry_is_always_an_error` (model_checking) | model_checking 6, stress 2 |
//! | `remove-an-instance-in-use` | (a) the instance of a key is removed while a request begins to use it again | `a_key_that_is_removed_while_it_is_requested_still_has_one_instance`, `three_tasks_that_use_a_key_share_one_instance_and_leave_none` (model_checking) | model_checking 2 |
//! | `leaked-waiter-in-the-queue` | (b) a cancelled waiter stays in the queue, and is granted the lock | `a_cancelled_waiter_moves_up_the_waiters_behind_it` (locks), `a_cancelled_wait_passes_the_lock_on` (model_checking) | linearizability 1, locks 2, model_checking 6, guarantees 2, stress 9 |
//! | `leaked-waiter-at-hand-over` | (b) a waiter that is cancelled after the grant keeps the lock | `a_cancelled_wait_passes_the_lock_on` (model_checking), `random_updates_in_process_lose_nothing_and_leave_nothing` (stress) | linearizability 1, model_checking 1, stress 8 |
//! | `leaked-entry-of-a-wait` | (b) a cancelled wait keeps the entry of its key | `keys_of_cancelled_waits_leave_no_entry` (locks), `a_cancelled_wait_leaves_nothing` (model_checking) | locks 6, model_checking 5, stress 3 |
//! | `leaked-waiter-in-the-count` | (b) a waiter is counted for ever | `a_granted_waiter_no_longer_counts_as_waiting` (model_checking) | model_checking 7 |
//! | `leaked-instance-of-a-wait` | (b) a cancelled request keeps the instance that it waited for | `random_requests_over_http_lose_nothing_and_leave_nothing` (stress) | model_checking 22, stress 2 |
//! | `leaked-instance-of-a-rollback` | (b) an instance stays although its update failed | `reads_failed_updates_and_waits_leave_no_instance_and_no_lock` (guarantees), `instances_that_are_only_read_or_rolled_back_leave_no_memory` (stress) | guarantees 5, stress 5 |
//! | `commit-on-error` | (c) `Err` commits | `appends_and_reads_of_one_state_are_linearizable` (linearizability), `an_error_rolls_back_even_behind_a_type_alias` (guarantees) | linearizability 2, guarantees 10, stress 2 |
//! | `commit-on-error-in-update` | (c) `Err` commits in `update` | `an_update_that_fails_changes_nothing` (guarantees), `random_updates_in_process_lose_nothing_and_leave_nothing` (stress) | guarantees 2, stress 3 |
//! | `commit-on-error-in-update-of-several-states` | (c) `Err` commits in `try_update_many` | `an_error_in_an_update_of_several_states_rolls_all_of_them_back` (guarantees) | guarantees 1 |
//! | `barging` | (d) the waiter that is polled first gets the lock | `a_new_request_does_not_overtake_a_waiter_even_at_the_moment_of_release` (locks), `no_waiter_is_overtaken` (model_checking) | locks 3, model_checking 1 |
//! | `commit-visible-before-its-instance` | (c) a commit is visible before its instance exists | `a_commit_that_a_handler_has_read_is_visible_outside_handlers` (linearizability) | linearizability 1 |
//! | `commit-on-panic` | (c) a panic commits | `a_panic_rolls_back_and_its_response_hides_the_cause` (guarantees), `random_requests_over_http_lose_nothing_and_leave_nothing` (stress) | guarantees 3, stress 2 |
//! | `commit-on-panic-in-update` | (c) a panic commits in `update` | `an_update_that_panics_changes_nothing` (guarantees), `random_updates_in_process_lose_nothing_and_leave_nothing` (stress) | guarantees 1, stress 3 |
//! | `torn-commit` | (c) the states of a lock are published one by one | `a_thousand_concurrent_updates_all_count_and_none_is_torn` (guarantees), `random_requests_over_http_lose_nothing_and_leave_nothing` (stress) | linearizability 1, guarantees 4, stress 2 |
//! | `torn-commit-of-two-locks` | (c) the locks of a commit are published one by one | `nobody_who_reads_both_sides_of_a_transfer_sees_half_of_it` (guarantees) | linearizability 1, guarantees 1 |
//! | `torn-read` | (c) the locks of a read are looked at one by one | `nobody_who_reads_both_sides_of_a_transfer_sees_half_of_it` (guarantees) | linearizability 2, guarantees 2, stress 1 |
//! | `draft-before-lock` | the draft is made before the lock is granted: lost updates | `appends_and_reads_of_one_state_are_linearizable` (linearizability), `a_thousand_concurrent_updates_all_count_and_none_is_torn` (guarantees) | linearizability 4, guarantees 10, stress 4 |
//! | `draft-before-lock-in-update` | the same in `update` | `random_updates_in_process_lose_nothing_and_leave_nothing` (stress) | stress 1 |
//! | `release-before-commit` | the lock is released before the commit | `random_requests_over_http_lose_nothing_and_leave_nothing` (stress) | linearizability 2, guarantees 3, stress 4 |
//! | `release-before-commit-in-update` | the same in `update` | `random_updates_in_process_lose_nothing_and_leave_nothing` (stress) | linearizability 2, guarantees 2, stress 4 |
//! | `unsorted-locks` | locks are acquired unsorted: a deadlock | `handlers_that_name_two_locks_in_opposite_order_never_deadlock` (guarantees), `random_requests_over_http_lose_nothing_and_leave_nothing` (stress) | linearizability 1, guarantees 4, stress 4 |
//! | `reentry-deadlock` | a request for a lock that its task holds waits for itself | `reentry_is_always_an_error` (model_checking), `reentry_is_an_error_at_once_that_names_both_call_sites` (guarantees) | locks 1, model_checking 1, guarantees 5 |
//! | `leaked-timer` | (b) a timer that was replaced outlives its lock | `a_timer_that_is_replaced_before_it_is_set_does_not_stay` (model_checking), `keys_of_cancelled_waits_leave_no_memory` (stress) | model_checking 1, stress 1 |
//! | `stale-cached-response` | a cached response outlives its commit | `a_commit_makes_a_new_response_with_a_new_etag`, `no_response_is_older_than_an_acknowledged_commit` (guarantees) | guarantees 10 |
//! | `cached-response-of-damaged-state` | the response of a damaged state comes from the cache | `a_damaged_state_is_not_served_from_the_cache`, `a_read_waits_for_an_in_place_handler` (guarantees) | guarantees 2 |
//! | `newer-etag-on-older-response` | values and revisions come from two reads | `no_response_is_older_than_an_acknowledged_commit` (guarantees) | guarantees 1 |
//! | `visible-before-durable` | (e) readers see the newest value | `a_commit_is_not_seen_before_it_is_durable` (guarantees) | linearizability 4, guarantees 9, stress 1 |
//! | `announced-before-durable` | (e) subscribers hear of a commit that is not durable | `subscribers_hear_of_a_commit_when_it_is_durable` (guarantees) | guarantees 1 |
//! | `response-before-durable` | (e) a response does not wait for the store | `a_response_waits_until_its_commit_is_durable`, `an_error_response_waits_until_what_it_was_made_from_is_durable` (guarantees) | linearizability 4, guarantees 11, stress 1 |
//! | `update-ends-before-durable` | (e) `update` does not wait for the store | `a_commit_is_not_seen_before_it_is_durable`, `a_commit_that_is_not_kept_leaves_no_trace` (guarantees) | guarantees 16, stress 1 |
//! | `update-of-several-states-ends-before-durable` | (e) `update_many` and `replace` do not wait for the store | `a_replaced_value_is_seen_when_it_is_durable` (guarantees) | guarantees 2, stress 1 |
//! | `failed-head-stays` | (e) the next writer starts from a commit that failed | `a_commit_that_is_not_kept_leaves_no_trace` (guarantees) | linearizability 1, guarantees 7, stress 9 |
//! | `commit-on-top-of-a-failed-one-is-written` | (e) what was made on top of a failed commit is written | `commits_on_top_of_a_failed_one_fail_with_it_and_others_do_not` (guarantees) | linearizability 4, guarantees 32, stress 2 |
//! | `revision-of-a-failed-commit-is-used-again` | (e) one revision for two values | `the_revision_of_a_failed_commit_is_never_used_again` (guarantees) | linearizability 4, guarantees 1, stress 2 |
//! | `revision-of-a-failed-instance-is-used-again` | (e) the same, of an instance that is gone | `an_instance_whose_first_commit_is_not_kept_does_not_exist_and_leaves_nothing` (guarantees) | linearizability 1, guarantees 1, stress 2 |
//! | `revision-of-a-removed-instance-is-used-again` | (e) the same, of an instance that was removed | `a_removed_instance_starts_again_from_its_initial_value` (guarantees) | linearizability 1, guarantees 1, stress 2 |
//! | `published-lock-by-lock` | (e) a commit over two locks that was written is published lock by lock | `nobody_sees_half_of_a_transfer_that_a_store_has_written` (guarantees) | linearizability 1, guarantees 1 |
//! | `roll-back-ends-before-what-it-has-seen` | (e) an error response does not wait for the commits that it was made from | `an_error_response_waits_until_what_it_was_made_from_is_durable` (guarantees) | linearizability 1, guarantees 2 |
//! | `roll-back-of-an-update-ends-before-what-it-has-seen` | (e) the same in `try_update` | `a_roll_back_fails_with_the_commit_that_it_has_seen` (guarantees) | guarantees 1 |
//! | `more-is-written-after-an-unknown-outcome` | (e) the store goes on although it does not know what it has kept | `after_an_unknown_outcome_the_store_takes_no_more_changes` (guarantees) | guarantees 1 |
//! | `if-match-is-ignored` | a change is made although the state is not the one that the client has read | `a_change_that_rests_on_an_older_revision_is_refused`, `of_many_who_have_read_the_same_one_makes_a_change` (guarantees) | guarantees 5 |
//! | `if-match-compares-weakly` | a weak tag passes for a strong one | `lists_stars_weak_and_malformed_tags_are_understood` (guarantees) | guarantees 1 |
//! | `tags-of-another-life-match` | the tags of two applications are alike | `a_tag_of_another_life_of_the_state_does_not_match` (guarantees) | guarantees 1 |
//! | `cache-is-filled-again` | everyone who waits makes the instance again | `of_many_who_ask_at_once_one_fills_it`, `requests_share_what_one_has_fetched` (guarantees) | guarantees 2 |
//! | `subscription-loses-the-value` | a subscriber is told that the instance was removed | `creation_and_removal_are_heard_of` (guarantees) | guarantees 4 |
//! | `unchanged-commits` | (c) `Update::Unchanged` of a handler commits | `a_handler_that_changes_nothing_makes_no_commit` (guarantees) | guarantees 2 |
//! | `unchanged-update-commits` | (c) the same in `update_if_changed` | `a_closure_that_changes_nothing_makes_no_commit` (guarantees) | guarantees 2 |
//! | `failed-change-in-place-is-seen` | (e) a value that was changed in place is read although the change failed | `a_change_in_place_that_is_not_kept_damages_the_state_until_it_is_replaced` (guarantees) | guarantees 1 |
//! | `response-before-its-commit` | (e) the response to a repeated request is there before its commit is durable | `a_response_is_replayed_when_its_commit_is_durable_and_not_before` (guarantees) | |
//! | `repetition-beside-the-first-request` | a repeated request runs beside the first one | `a_request_is_running_until_it_is_done_and_its_response_is_there_for_the_next_one` (guarantees), `repeated_requests_are_made_once` (stress) | |
//! | `repetition-while-the-commit-is-written` | (e) a repeated request runs while the commit of the first one is written | `a_response_is_replayed_when_its_commit_is_durable_and_not_before` (guarantees) | |
//! | `response-of-a-commit-that-is-not-kept` | (e) the response of a commit that the store did not keep is repeated | `repeated_requests_are_made_once_although_the_store_is_unreliable` (stress) | |
//! | `eviction-in-the-order-of-creation` | `at_most` and `idle_for` remove the oldest instances, used or not | `the_least_recently_used_instances_are_removed_if_there_are_too_many` (guarantees) | |
//! | `eviction-of-an-instance-in-use` | `at_most` and `idle_for` remove an instance that somebody uses | `an_instance_that_somebody_follows_stays` (guarantees) | |

mod catalogue;
mod harness;
mod source;

use catalogue::Mutation;
use harness::Harness;
use std::collections::BTreeSet;

#[test]
fn every_mutation_fits_the_source() {
    for mutation in catalogue::all() {
        for edit in mutation.edits {
            let source = source::original(edit.file);
            let found = source.matches(edit.find).count();
            assert_eq!(
                found, 1,
                "{}: {:?} in {}",
                mutation.name, edit.find, edit.file
            );
        }
    }
}

#[test]
fn every_test_that_catches_a_mutation_exists() {
    for mutation in catalogue::all() {
        for test in mutation.caught_by {
            assert!(source::has_test(test), "{}: {test}", mutation.name);
        }
    }
}

#[test]
fn every_mutation_is_caught_by_its_tests() {
    let Ok(selected) = std::env::var("KR_MUTATIONS") else {
        return;
    };
    let harness = Harness::open();
    let unchanged = Mutation {
        name: "none",
        edits: &[],
        caught_by: &[],
    };
    let failed = harness.failures_with(&unchanged);
    println!("{}: {failed:#?}", unchanged.name);
    assert_eq!(failed, BTreeSet::new(), "the tests fail without a mutation");

    let mut missed = Vec::new();
    for mutation in catalogue::all() {
        if selected != "all" && !selected.split(',').any(|name| name == mutation.name) {
            continue;
        }
        let failed = harness.failures_with(mutation);
        println!("{}: {failed:#?}", mutation.name);
        let silent = mutation
            .caught_by
            .iter()
            .filter(|test| !failed.contains(**test));
        missed.extend(silent.map(|test| (mutation.name, *test)));
        if failed.is_empty() {
            missed.push((mutation.name, "any test at all"));
        }
    }
    assert!(missed.is_empty(), "not caught: {missed:#?}");
}
