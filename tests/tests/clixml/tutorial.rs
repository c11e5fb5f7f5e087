//! The state of the tutorial, in each form in which PowerShell users write it.

use kr_runtime::clixml::{self, Newline, WriteOptions};

use crate::support::{AppState, cases, fixture, state, written};

const INSTANT: &str = "2024-05-01T12:34:56.7891234Z";
const NOON: &str = "2024-05-01T12:00:00Z";

#[test]
fn every_tutorial_document_is_read() {
    let tabbed = "tab\tnewline\nend";
    for (name, expected) in [
        ("tutorial-state", state(2, &["remember helmet"], INSTANT)),
        ("tutorial-empty", state(0, &[], INSTANT)),
        (
            "tutorial-three-notes",
            state(7, &["a", "b <&> \"c\"", tabbed], INSTANT),
        ),
        ("tutorial-arraylist", state(2, &["a", "b"], INSTANT)),
        ("tutorial-stringarray", state(2, &["a", "b"], INSTANT)),
        ("tutorial-stringlist", state(2, &["a", "b"], INSTANT)),
        ("tutorial-reexported", state(2, &["a", "b"], INSTANT)),
        ("tutorial-collapsed-note", state(1, &["only one"], INSTANT)),
        ("tutorial-null-notes", state(1, &[], INSTANT)),
        ("tutorial-long-count", state(2, &["a"], INSTANT)),
        ("tutorial-wrapped-date", state(2, &["x"], INSTANT)),
        (
            "tutorial-hashtable",
            state(2, &["remember helmet"], INSTANT),
        ),
        ("tutorial-ordered", state(2, &["remember helmet"], INSTANT)),
        ("tutorial-localdate", state(2, &["a"], NOON)),
        ("tutorial-unspecified", state(2, &["a"], NOON)),
    ] {
        let read: AppState =
            clixml::from_str(&written(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read, expected, "{name}");
    }
}

#[test]
fn every_tutorial_fixture_is_tested() {
    let count = cases("written.jsonl")
        .iter()
        .filter(|case| case.name.starts_with("tutorial-"))
        .count();
    assert_eq!(count, 15);
}

#[test]
fn the_plain_shape_is_written_byte_for_byte() {
    for name in ["tutorial-state", "tutorial-empty", "tutorial-three-notes"] {
        let document = written(name);
        let read: AppState = clixml::from_str(&document).expect("it is read");
        assert_eq!(
            clixml::to_string(&read).expect("it is written"),
            document,
            "{name}"
        );
    }
}

#[test]
fn line_ends_can_be_those_of_windows() {
    let state = state(2, &["remember helmet"], INSTANT);
    let document = WriteOptions::new()
        .newline(Newline::CrLf)
        .to_string(&state)
        .expect("it is written");
    assert_eq!(document, written("tutorial-state").replace('\n', "\r\n"));
    assert_eq!(document.len(), 600);
    assert_eq!(
        clixml::from_str::<AppState>(&document).expect("it is read"),
        state
    );
}

#[test]
fn files_are_read_in_every_encoding() {
    for name in ["utf8", "utf8bom", "utf16le", "utf16be", "utf32le"] {
        let bytes =
            std::fs::read(fixture(&format!("file-{name}.clixml"))).expect("the fixture is there");
        let read: AppState =
            clixml::from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(read, state(2, &["remember helmet"], INSTANT), "{name}");
        let again: AppState = clixml::from_reader(&bytes[..]).expect("it is read");
        assert_eq!(again, read, "{name}");
    }
}

#[test]
fn the_first_line_of_powershells_own_output_is_skipped_in_files() {
    let document = format!("#< CLIXML\r\n{}", written("tutorial-state"));
    let read: AppState = clixml::from_slice(document.as_bytes()).expect("it is read");
    assert_eq!(read.visit_count, 2);
    clixml::from_str::<AppState>(&document).expect_err("text has no such line");
    let cut = document.replace("</Objs>", "");
    let error = clixml::from_slice::<AppState>(cut.as_bytes()).expect_err("it was cut off");
    assert_eq!(
        (error.line(), error.column()),
        (23, 1),
        "lines count as in the file"
    );
}

#[test]
fn a_state_round_trips() {
    for notes in [
        &["😀 _x0041_ \u{1}\u{85}\u{FFFE} \r\n\t]]> <a&b>"][..],
        &["", " ", "\u{7F}"],
        &[],
    ] {
        let before = state(i32::MIN, notes, "9999-12-31T23:59:59.9999999Z");
        assert_eq!(crate::support::round_trip(&before), before);
    }
}
