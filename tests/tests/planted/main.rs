//! Does the suite see a fault when there is one? The faults of [`faults`] are planted into a copy of the workspace, one at a
//! time, and the tests of the lock engine are built and run there. They have to fail, those named in the table among them.
//!
//! The engine itself has no switch for it: a fault is an edit of its source, and says so when the source has moved on.
//!
//! That the edits still fit is part of every test run. To plant them takes some minutes, and is asked for:
//! `KR_PLANTED=all cargo test --test planted -- --nocapture`, or with the name of one fault instead of `all`.
//!
//! TABLE
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
    for fault in FAULTS
        .iter()
        .filter(|fault| asked == "all" || asked == fault.name)
    {
        let failed = workshop.failures_with(fault);
        println!("{}: {failed:#?}", fault.name);
        let of_them = fault
            .caught_by
            .iter()
            .filter(|test| !failed.contains(**test));
        missed.extend(of_them.map(|test| (fault.name, *test)));
        if failed.is_empty() {
            missed.push((fault.name, "any test at all"));
        }
    }
    assert!(missed.is_empty(), "not caught: {missed:#?}");
}
