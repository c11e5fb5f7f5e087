//! Compile errors and their codes.
//!
//! `tests/ui/<area>/krNNNN_<mistake>.rs` is one mistake, and its `.stderr` is what a user reads. Its first line says how many
//! errors that is. `tests/pass/<area>/krNNNN_<mistake>.rs` is the same program after following the advice of the message
//! to the letter, so that the advice is tested as well.
//!
//! The compiler's words differ between versions, so the messages are compared only with the version that recorded them,
//! [`MADE_WITH`]. With another one the test says so and passes. After changing a message, or that version, run
//!
//! ```text
//! TRYBUILD=overwrite cargo test -p kr-tests --test error_codes
//! ```
//!
//! and read the difference as a user will read the message. The same command writes the page of codes,
//! `kr-runtime/docs/errors.md`, from the cases and from `why.md` in this folder. `-- mistakes trybuild=none` at its end writes
//! only the page, which is quicker.

mod case;
mod corrected;
mod page;

use case::Case;
use page::{PAGE, Why};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version of rustc that recorded the messages.
const MADE_WITH: &str = "1.95";

/// The codes of the mistakes that were planned for. Each has a case, or the page says why it has none.
const CATALOGUE: [std::ops::RangeInclusive<u16>; 6] = [
    1..=21,
    101..=109,
    201..=217,
    301..=320,
    401..=406,
    501..=509,
];

/// The sources of the messages.
const SOURCES: [&str; 2] = ["../kr-macros/src", "../kr-runtime/src"];

/// The mistakes that `cargo build` reports, and `cargo check` does not: they are in what is mounted.
const WHEN_BUILT: &str = "mounted";

#[test]
fn mistakes_give_the_recorded_message() {
    let version = rustc_version();
    if !version.starts_with(&format!("{MADE_WITH}.")) {
        eprintln!(
            "skipped: the messages were recorded with rustc {MADE_WITH}, and this is {version}"
        );
        return;
    }
    let cases = trybuild::TestCases::new();
    for area in fs::read_dir("tests/ui").unwrap() {
        let area = area.unwrap().path();
        if !area.ends_with(WHEN_BUILT) {
            cases.compile_fail(area.join("*.rs"));
        }
    }
    // Dropping them runs them.
    drop(cases);
    // A program that is to run makes trybuild build the others as well, and not only check them.
    let cases = trybuild::TestCases::new();
    cases.compile_fail(Path::new("tests/ui").join(WHEN_BUILT).join("*.rs"));
    cases.pass(Path::new("tests/pass").join(WHEN_BUILT).join("*.rs"));
    drop(cases);
    if is_overwriting() {
        page::overwrite(MADE_WITH);
    }
}

#[test]
fn the_advice_compiles() {
    corrected::check();
}

#[test]
fn the_page_of_codes_shows_the_cases() {
    let found = fs::read_to_string(PAGE).unwrap_or_default();
    let expected = page::render(MADE_WITH);
    let differs = found
        .lines()
        .zip(expected.lines())
        .find(|(found, expected)| found != expected);
    assert!(
        is_overwriting() || found == expected,
        "the page is out of date; the head of this file has the command that writes it: {differs:?}"
    );
}

#[test]
fn the_page_has_every_code() {
    let explained: Vec<_> = Why::all().into_iter().map(|why| why.code).collect();
    assert!(explained.is_sorted(), "{explained:?}");
    let explained: BTreeSet<_> = explained.into_iter().collect();
    let planned = CATALOGUE
        .into_iter()
        .flatten()
        .map(|number| format!("KR{number:04}"));
    let known: BTreeSet<_> = codes_of_the_sources().into_iter().chain(planned).collect();
    assert_eq!(
        known, explained,
        "left: the codes, right: the sections of why.md"
    );
    let cases = Case::all();
    for why in Why::all() {
        let none = ["Dropped:", "Reserved "]
            .iter()
            .any(|word| why.text.starts_with(word));
        let has_case = cases
            .iter()
            .any(|case| case.code.as_ref() == Some(&why.code));
        assert_eq!(
            has_case, !none,
            "{} has a case, or the page says why it has none",
            why.code
        );
    }
}

fn is_overwriting() -> bool {
    std::env::var_os("TRYBUILD").is_some_and(|value| value == "overwrite")
}

#[test]
fn every_mistake_has_a_message_and_a_corrected_program() {
    let cases = files("tests/ui", "rs");
    assert!(!cases.is_empty());
    let corrected = files("tests/pass", "rs");
    let expected: BTreeSet<_> = cases
        .iter()
        .map(|case| Path::new("tests/pass").join(case.strip_prefix("tests/ui").unwrap()))
        .collect();
    assert_eq!(expected, corrected.into_iter().collect());
    for case in cases {
        let golden = case.with_extension("stderr");
        assert!(golden.exists(), "{} is missing", golden.display());
    }
    for golden in files("tests/ui", "stderr") {
        let case = golden.with_extension("rs");
        assert!(case.exists(), "{} has no case", golden.display());
    }
}

#[test]
fn one_mistake_is_one_error() {
    for case in files("tests/ui", "rs") {
        let text = fs::read_to_string(&case).unwrap();
        let first = text.lines().next().unwrap_or_default();
        let declared: usize = first
            .rsplit_once('(')
            .and_then(|(_, count)| {
                count
                    .strip_suffix(" error)")
                    .or(count.strip_suffix(" errors)"))
            })
            .and_then(|count| count.parse().ok())
            .unwrap_or_else(|| {
                panic!(
                    "{}: the first line ends in `(1 error)` or so",
                    case.display()
                )
            });
        let golden = fs::read_to_string(case.with_extension("stderr")).unwrap();
        let errors = golden
            .lines()
            .filter(|line| line.starts_with("error:") || line.starts_with("error["))
            .count();
        assert_eq!(errors, declared, "{}", case.display());
        let warnings = golden.lines().filter(|line| line.starts_with("warning"));
        assert_eq!(warnings.count(), 0, "{}", case.display());
        // The bindings of generated code start with `kr_`, as do these two names, which users write.
        let rest = golden.replace("kr_route", "").replace("kr_runtime", "");
        assert!(
            !rest.contains("__") && !rest.contains("kr_"),
            "{} shows a name of the generated code",
            case.display()
        );
    }
}

#[test]
fn every_code_has_a_case() {
    let known = codes_of_the_sources();
    assert!(known.len() > 50, "found only {known:?}");
    let mut shown = BTreeSet::new();
    for golden in files("tests/ui", "stderr") {
        let text = fs::read_to_string(&golden).unwrap();
        let shows = codes(&text);
        // A message of kr is recorded under its own code. One of rustc has no code.
        let name = golden.file_stem().unwrap().to_str().unwrap();
        if let Some(code) = name.split('_').next().filter(|code| code.starts_with("kr")) {
            assert!(
                shows.is_empty() || shows.contains(&code.to_uppercase()),
                "{name} shows {shows:?}"
            );
        }
        shown.extend(shows);
    }
    let missing: Vec<_> = known.difference(&shown).collect();
    assert!(missing.is_empty(), "without a case: {missing:?}");
}

fn codes_of_the_sources() -> BTreeSet<String> {
    let sources = SOURCES.iter().flat_map(|folder| files(folder, "rs"));
    let read = |source: PathBuf| codes(&fs::read_to_string(source).unwrap());
    sources.flat_map(read).collect()
}

/// The codes in a text: `KR` and four digits.
fn codes(text: &str) -> BTreeSet<String> {
    text.match_indices("KR")
        .filter_map(|(at, _)| text.get(at..at + 6))
        .filter(|code| code[2..].bytes().all(|byte| byte.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

/// The files below a folder that have that extension.
fn files(folder: impl Into<PathBuf>, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.into()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn rustc_version() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split(' ').nth(1).unwrap_or_default().to_owned()
}
