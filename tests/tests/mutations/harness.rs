//! A copy of the workspace to plant faults in.

use crate::catalogue::Fault;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The tests that are to catch the faults.
const SUITES: [&str; 5] = [
    "model_checking",
    "locks",
    "linearizability",
    "stress",
    "guarantees",
];

/// A fault may well make a test wait for ever; the models alone take half a minute when all is well.
const PATIENCE: Duration = Duration::from_secs(90);

/// Where the copy is, and what has been built from it.
pub(crate) struct Harness {
    folder: PathBuf,
}

fn workspace() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// A file of the workspace as it is.
pub(crate) fn original(file: &str) -> String {
    fs::read_to_string(workspace().join(file)).expect("a source file")
}

impl Harness {
    pub(crate) fn open() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("planted");
        fs::create_dir_all(&folder).expect("a folder");
        let harness = Self { folder };
        // A file that the workspace has no longer would stand beside what it has become.
        let _ = fs::remove_dir_all(harness.source());
        harness
    }

    /// The tests that fail, or do not end, with this fault planted.
    pub(crate) fn failures_with(&self, fault: &Fault) -> BTreeSet<String> {
        let mut changed = HashMap::new();
        for edit in fault.edits {
            let text = changed
                .entry(edit.file)
                .or_insert_with(|| original(edit.file));
            *text = text.replace(edit.find, edit.replace);
        }
        for part in [
            "Cargo.toml",
            "Cargo.lock",
            "README.md",
            "kr-macros",
            "kr-runtime",
            "examples",
            "tests",
        ] {
            self.copy(Path::new(part), &changed);
        }
        let mut failures = BTreeSet::new();
        for (suite, program) in self.build() {
            failures.extend(self.run(&suite, &program));
        }
        failures
    }

    /// Files that are the same stay untouched, so that cargo builds only what the fault changes.
    fn copy(&self, part: &Path, changed: &HashMap<&str, String>) {
        let (from, to) = (workspace().join(part), self.source().join(part));
        if from.is_dir() {
            fs::create_dir_all(&to).expect("a folder");
            for entry in fs::read_dir(&from).expect("a folder") {
                let name = entry.expect("an entry").file_name();
                if name != "target" {
                    self.copy(&part.join(name), changed);
                }
            }
            return;
        }
        let text = match part.to_str().and_then(|part| changed.get(part)) {
            Some(text) => text.clone().into_bytes(),
            None => fs::read(&from).expect("a file"),
        };
        if fs::read(&to).ok().as_ref() != Some(&text) {
            fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            fs::write(&to, text).expect("the copy");
        }
    }

    fn source(&self) -> PathBuf {
        self.folder.join("source")
    }

    /// The suites' programs.
    fn build(&self) -> Vec<(String, PathBuf)> {
        let built = Command::new(env!("CARGO"))
            .args(["test", "--quiet", "--no-run", "--package", "kr-tests"])
            .args(SUITES.iter().flat_map(|suite| ["--test", suite]))
            .args(["--message-format", "json"])
            .current_dir(self.source())
            .env("CARGO_TARGET_DIR", self.folder.join("target"))
            .stderr(Stdio::inherit())
            .output()
            .expect("cargo");
        assert!(built.status.success(), "the fault does not compile");
        let messages = String::from_utf8(built.stdout).expect("JSON");
        let messages = messages
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let programs = messages.filter_map(|message| {
            let suite = message["target"]["name"].as_str()?;
            let program = message["executable"].as_str()?;
            SUITES
                .contains(&suite)
                .then(|| (suite.to_owned(), program.into()))
        });
        programs.collect()
    }

    /// The names of the tests of a suite that do not pass.
    fn run(&self, suite: &str, program: &Path) -> Vec<String> {
        let names = Command::new(program)
            .args(["--list", "--format", "terse"])
            .output()
            .expect("the suite");
        let report = self.folder.join("report");
        let mut running = Command::new(program)
            .current_dir(self.source().join("tests"))
            // A fault is met early or never.
            .env("KR_MODEL", "4000")
            .stdout(File::create(&report).expect("a file"))
            .stderr(Stdio::null())
            .spawn()
            .expect("the suite");
        let end = Instant::now() + PATIENCE;
        while running.try_wait().expect("a process").is_none() {
            if Instant::now() > end {
                let _ = running.kill();
            }
            thread::sleep(Duration::from_millis(50));
        }
        let report = String::from_utf8_lossy(&fs::read(&report).expect("the report")).into_owned();
        let names = String::from_utf8(names.stdout).expect("names");
        let names = names.lines().filter_map(|line| line.strip_suffix(": test"));
        names
            .filter(|name| {
                let passed = report.lines().any(|line| {
                    let line = line
                        .strip_prefix("test ")
                        .and_then(|line| line.strip_prefix(name));
                    line.is_some_and(|rest| rest.starts_with(' ') && rest.ends_with(" ok"))
                });
                !passed
            })
            .map(|name| format!("{suite} {name}"))
            .collect()
    }
}
