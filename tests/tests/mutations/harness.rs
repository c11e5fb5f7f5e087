//! A copy of the workspace, in which a mutation is applied and the suites are run.

use crate::catalogue::Mutation;
use crate::source::{SUITES, WORKSPACE, original, workspace};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// After that a suite is stopped. A mutation can make a test wait for ever; the models alone take half a minute without one.
const SUITE_TIMEOUT: Duration = Duration::from_secs(90);

/// The copy, and what has been built from it.
pub(crate) struct Harness {
    folder: PathBuf,
}

impl Harness {
    pub(crate) fn open() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations");
        fs::create_dir_all(&folder).expect("a folder");
        let harness = Self { folder };
        // Otherwise a file that has since moved would stay in the copy.
        let _ = fs::remove_dir_all(harness.source());
        harness
    }

    /// The tests that fail, or do not end, with this mutation.
    pub(crate) fn failures_with(&self, mutation: &Mutation) -> BTreeSet<String> {
        let mut changed = HashMap::new();
        for edit in mutation.edits {
            let text = changed
                .entry(edit.file)
                .or_insert_with(|| original(edit.file));
            *text = text.replace(edit.find, edit.replace);
        }
        for part in WORKSPACE {
            self.copy(Path::new(part), &changed);
        }
        let mut failures = BTreeSet::new();
        for (suite, program) in self.build() {
            failures.extend(self.run(&suite, &program));
        }
        failures
    }

    /// Leaves equal files untouched, so that cargo builds only what the mutation changes.
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

    /// Builds the suites. Returns their programs.
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
        assert!(built.status.success(), "the mutation does not compile");
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
            // A mutation is caught early or never.
            .env("KR_MODEL", "4000")
            .stdout(File::create(&report).expect("a file"))
            .stderr(Stdio::null())
            .spawn()
            .expect("the suite");
        let end = Instant::now() + SUITE_TIMEOUT;
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
