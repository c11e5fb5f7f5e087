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
//! | `collect-while-asked-for` | (a) a lock is collected while somebody has asked for it and is not in line yet | `a_name_that_is_asked_for_and_not_waited_for_yet_is_not_collected` (locks), `three_tasks_never_hold_one_name_together_and_leave_nothing` (model) | locks 1, model 5, storm 1 |
//! | `collect-the-successor` | (a) a lock that ends takes the entry of the next one of its name | `three_tasks_never_hold_one_name_together_and_leave_nothing` (model), `who_asks_for_what_it_holds_is_always_told_so` (model) | model 5, storm 1 |
//! | `leaked-waiter-in-line` | (b) a wait that was given up stays in line, and is served | `a_place_in_line_that_is_given_up_moves_the_others_up_and_nobody_else` (locks), `a_cancelled_wait_passes_the_lock_on` (model) | histories 1, locks 6, model 2, promises 1, storm 2 |
//! | `leaked-waiter-in-the-table` | (b) a wait that was given up keeps the name | `names_that_were_waited_for_in_vain_leave_nothing` (locks), `a_cancelled_wait_leaves_nothing` (model) | locks 6, model 5, storm 1 |
//! | `leaked-waiter-in-the-count` | (b) who has waited is counted for ever | `a_request_can_be_cancelled_before_it_waits_while_it_waits_and_after_it_was_served` (locks), `the_bound_on_waiters_holds_and_is_given_back` (model) | locks 2, model 1, promises 1, storm 2 |
//! | `half-made-draft-of-an-error` | (c) `Err` commits | `appends_and_reads_of_one_state_are_linearizable` (histories), `an_error_rolls_back_even_behind_an_alias` (promises) | histories 1, promises 3, storm 1 |
//! | `half-made-draft-of-a-panic` | (c) a panic commits | `a_panic_rolls_back_and_is_answered_without_its_cause` (promises), `a_storm_over_http_loses_nothing_and_leaves_nothing` (storm) | promises 1, storm 1 |
//! | `half-a-commit-shows` | (c) the states of a lock are published one by one | `changes_and_reads_of_two_states_under_one_lock_are_linearizable` (histories), `a_thousand_concurrent_changes_all_count_and_none_shows_half` (promises) | histories 1, promises 4, storm 1 |
//! | `barging` | (d) whoever looks first gets the lock | `a_newcomer_does_not_overtake_who_waits_even_at_the_moment_of_the_release` (locks), `who_waits_is_served_in_the_order_of_asking_even_if_woken_in_another` (locks) | locks 3, model 15, promises 1 |
//! | `draft-made-before-the-grant` | the draft is made before the lock is there: lost updates | `appends_and_reads_of_one_state_are_linearizable` (histories), `a_thousand_concurrent_changes_all_count_and_none_shows_half` (promises) | histories 3, promises 4, storm 2 |
//! | `release-before-the-commit` | the lock is free before the commit | `a_storm_over_http_loses_nothing_and_leaves_nothing` (storm) | histories 2, promises 1, storm 1 |
//! | `locks-in-the-order-named` | locks are taken unsorted: a deadlock | `handlers_that_name_two_locks_in_opposite_order_never_deadlock` (promises), `a_storm_over_http_loses_nothing_and_leaves_nothing` (storm) | histories 1, promises 2, storm 2 |
//! | `re-entry-waits` | who asks for what it holds waits for itself | `who_asks_for_what_it_holds_is_always_told_so` (model), `asking_again_for_a_held_lock_is_an_error_at_once_that_names_both_places` (promises) | locks 1, model 1, promises 2 |

mod faults;
mod workshop;

use faults::{FAULTS, Fault};
use std::collections::BTreeSet;
use workshop::Workshop;

#[test]
fn every_fault_fits_the_source_as_it_is() {
    for fault in FAULTS {
        for edit in fault.edits {
            let source = workshop::original(edit.file);
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
    let workshop = Workshop::open();
    let sound = Fault {
        name: "none",
        edits: &[],
        caught_by: &[],
    };
    let failed = workshop.failures_with(&sound);
    println!("{}: {failed:#?}", sound.name);
    assert_eq!(failed, BTreeSet::new(), "the tests fail without a fault");

    let mut missed = Vec::new();
    for fault in FAULTS {
        if asked != "all" && !asked.split(',').any(|name| name == fault.name) {
            continue;
        }
        let failed = workshop.failures_with(fault);
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
