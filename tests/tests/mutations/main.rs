//! Does the suite see a fault when there is one? The faults of [`faults`] are planted into a copy of the workspace, one at a
//! time, and the tests of the lock engine are built and run there. They have to fail, those named in the table among them.
//!
//! The engine itself has no switch for it: a fault is an edit of its source, and says so when the source has moved on.
//!
//! That the edits still fit is part of every test run. To plant them takes some minutes, and is asked for:
//! `KR_PLANTED=all cargo test --test planted -- --nocapture`, or with the names of some, with commas between,
//! instead of `all`.
//!
//! What was found when they were last planted: each fault, two of the tests that caught it, and how many tests of each suite did not
//! pass. Where a fault makes a test wait for ever, those that were to come after it are among them.
//!
//! | fault | what it does | caught by, among others | tests that did not pass |
//! |---|---|---|---|
//! | `collect-while-asked-for` | (a) a lock is collected while somebody has asked for it and is not in line yet | `a_lock_that_was_requested_but_not_yet_polled_is_not_removed` (locks), `three_tasks_never_hold_one_name_together_and_leave_nothing` (model) | locks 1, model 7, storm 2 |
//! | `collect-the-successor` | (a) a lock that ends takes the entry of the next one of its name | `three_tasks_never_hold_one_name_together_and_leave_nothing`, `who_asks_for_what_it_holds_is_always_told_so` (model) | model 6, storm 1 |
//! | `collect-an-instance-in-use` | (a) the instance of a key is collected while somebody has begun to use it again | `a_key_that_is_collected_while_another_asks_for_it_still_has_one_instance`, `three_who_use_a_key_at_once_use_one_instance_and_leave_none` (model) | model 2 |
//! | `leaked-waiter-in-line` | (b) a wait that was given up stays in line, and is served | `a_cancelled_waiter_moves_up_the_waiters_behind_it` (locks), `a_cancelled_wait_passes_the_lock_on` (model) | histories 1, locks 3, model 1, promises 2, storm 2 |
//! | `leaked-waiter-at-the-hand-over` | (b) who is served and has given up keeps the lock | `a_cancelled_wait_passes_the_lock_on` (model), `a_storm_in_process_loses_nothing_and_leaves_nothing` (storm) | histories 1, model 1, storm 2 |
//! | `leaked-waiter-in-the-table` | (b) a wait that was given up keeps the name | `keys_of_cancelled_waits_leave_no_entry` (locks), `a_cancelled_wait_leaves_nothing` (model) | locks 6, model 5, storm 2 |
//! | `leaked-waiter-in-the-count` | (b) who has waited is counted for ever | `who_has_waited_does_not_count_as_one_who_waits` (model) | model 1 |
//! | `leaked-instance-of-a-wait` | (b) a request that was given up keeps the instance that it waited for | `a_storm_over_http_loses_nothing_and_leaves_nothing` (storm) | storm 1 |
//! | `leaked-instance-of-a-roll-back` | (b) an instance stays although its change failed | `reading_failing_and_waiting_leave_no_instance_and_no_lock` (promises), `instances_that_are_read_or_changed_in_vain_leave_no_memory` (storm) | histories 1, promises 2, storm 3 |
//! | `half-made-draft-of-an-error` | (c) `Err` commits | `appends_and_reads_of_one_state_are_linearizable` (histories), `an_error_rolls_back_even_behind_an_alias` (promises) | histories 2, promises 10, storm 1 |
//! | `half-made-draft-of-an-error-in-code` | (c) `Err` commits in a change made in code | `an_update_in_code_that_fails_changes_nothing` (promises), `a_storm_in_process_loses_nothing_and_leaves_nothing` (storm) | promises 2, storm 2 |
//! | `barging` | (d) whoever looks first gets the lock | `a_new_request_does_not_overtake_a_waiter_even_at_the_moment_of_release` (locks), `nobody_is_overtaken` (model) | locks 3, model 1 |
//! | `commit-shows-before-its-instance` | (c) a commit shows before its instance is there | `what_a_handler_was_shown_in_the_middle_of_a_commit_code_sees_too` (histories) | histories 1 |
//! | `half-made-draft-of-a-panic` | (c) a panic commits | `a_panic_rolls_back_and_is_answered_without_its_cause` (promises), `a_storm_over_http_loses_nothing_and_leaves_nothing` (storm) | promises 3, storm 1 |
//! | `half-made-draft-of-a-panic-in-code` | (c) a panic commits, in a change made in code | `an_update_in_code_that_panics_changes_nothing` (promises), `a_storm_in_process_loses_nothing_and_leaves_nothing` (storm) | promises 1, storm 2 |
//! | `half-a-commit-shows` | (c) the states of a lock are published one by one | `a_thousand_concurrent_changes_all_count_and_none_shows_half` (promises), `a_storm_over_http_loses_nothing_and_leaves_nothing` (storm) | promises 7, storm 1 |
//! | `draft-made-before-the-grant` | the draft is made before the lock is there: lost updates | `appends_and_reads_of_one_state_are_linearizable` (histories), `a_thousand_concurrent_changes_all_count_and_none_shows_half` (promises) | histories 4, promises 5, storm 2 |
//! | `draft-made-before-the-grant-in-code` | the same, in a change made in code | `a_storm_in_process_loses_nothing_and_leaves_nothing` (storm) | storm 1 |
//! | `release-before-the-commit` | the lock is free before the commit | `a_storm_over_http_loses_nothing_and_leaves_nothing` (storm) | histories 3, promises 3, storm 2 |
//! | `release-before-the-commit-in-code` | the same, in a change made in code | `a_storm_in_process_loses_nothing_and_leaves_nothing` (storm) | promises 1, storm 1 |
//! | `locks-in-the-order-named` | locks are taken unsorted: a deadlock | `handlers_that_name_two_locks_in_opposite_order_never_deadlock` (promises), `a_storm_over_http_loses_nothing_and_leaves_nothing` (storm) | histories 1, promises 4, storm 2 |
//! | `re-entry-waits` | who asks for what it holds waits for itself | `who_asks_for_what_it_holds_is_always_told_so` (model), `asking_again_for_a_held_lock_is_an_error_at_once_that_names_both_places` (promises) | locks 1, model 1, promises 5 |
//! | `leaked-alarm` | (b) an alarm that was replaced outlives its lock | `an_alarm_that_is_replaced_before_it_is_set_does_not_stay` (model), `names_that_are_waited_for_and_given_up_leave_no_memory` (storm) | model 1, storm 1 |
//! | `outdated-answer` | a cached answer outlives its commit | `a_commit_makes_a_new_answer_with_a_new_tag`, `nobody_gets_an_answer_older_than_a_commit_that_was_known` (promises) | promises 8 |
//! | `answer-from-before-the-damage` | a state that was lost is answered from the cache | `a_damaged_state_is_not_answered_from_before_the_damage`, `a_read_waits_for_a_change_in_place` (promises) | promises 2 |
//! | `newer-tag-of-an-older-answer` | values and revisions come from two looks | `nobody_gets_an_answer_older_than_a_commit_that_was_known` (promises) | promises 1 |

mod catalogue;
mod harness;

use catalogue::Fault;
use harness::Harness;
use std::collections::BTreeSet;

#[test]
fn every_fault_fits_the_source_as_it_is() {
    for fault in catalogue::all() {
        for edit in fault.edits {
            let source = harness::original(edit.file);
            let places = source.matches(edit.find).count();
            assert_eq!(
                places, 1,
                "{}: {:?} in {}",
                fault.name, edit.find, edit.file
            );
        }
    }
}

#[test]
fn every_planted_fault_is_caught_by_the_tests_that_are_said_to_catch_it() {
    let Ok(asked) = std::env::var("KR_PLANTED") else {
        return;
    };
    let harness = Harness::open();
    let sound = Fault {
        name: "none",
        edits: &[],
        caught_by: &[],
    };
    let failed = harness.failures_with(&sound);
    println!("{}: {failed:#?}", sound.name);
    assert_eq!(failed, BTreeSet::new(), "the tests fail without a fault");

    let mut missed = Vec::new();
    for fault in catalogue::all() {
        if asked != "all" && !asked.split(',').any(|name| name == fault.name) {
            continue;
        }
        let failed = harness.failures_with(fault);
        println!("{}: {failed:#?}", fault.name);
        let silent = fault
            .caught_by
            .iter()
            .filter(|test| !failed.contains(**test));
        missed.extend(silent.map(|test| (fault.name, *test)));
        if failed.is_empty() {
            missed.push((fault.name, "any test at all"));
        }
    }
    assert!(missed.is_empty(), "not caught: {missed:#?}");
}
