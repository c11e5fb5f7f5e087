//! The READMEs are correct: their commands are run, and the output is compared.

use kr_tests::{Program, example};
use std::path::Path;
use std::process::Command;
use tempfile::tempdir;

/// A command of a README, and its output.
struct Step {
    command: String,
    output: String,
}

/// The steps in the `console` blocks: lines after `$ `, each followed by its output.
fn steps(readme: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut console = false;
    for text in readme.lines() {
        if text.starts_with("```") {
            console = text == "```console";
        } else if let (true, Some(line)) = (console, text.strip_prefix("$ ")) {
            steps.push(Step {
                command: line.to_owned(),
                output: String::new(),
            });
        } else if let (true, Some(step)) = (console, steps.last_mut()) {
            step.output.push_str(text);
        }
    }
    steps
}

/// Replaces times, which differ from run to run. Nothing else may differ.
fn without_times(text: &str) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some(at) = rest.find("20") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let time: String = from
            .chars()
            .take_while(|c| c.is_ascii_digit() || "-:.TZ".contains(*c))
            .collect();
        let is_time = time.len() >= "2026-01-01T00:00:00Z".len() && time.ends_with('Z');
        out.push_str(if is_time { "<time>" } else { &time });
        rest = &from[time.len()..];
    }
    out + rest
}

/// Runs the steps against a fresh server, in a temporary folder.
fn run(readme: &str, at_least: usize) {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("skipped: the README's commands need curl");
        return;
    }
    let steps = steps(readme);
    assert!(
        steps.len() >= at_least,
        "only {} steps were found",
        steps.len()
    );
    let program = Program::start(&example("snapshots"));
    let folder = tempdir().unwrap();
    for Step { command, output } in steps {
        assert!(command.contains("localhost:5000"), "{command}");
        let command = command.replace("localhost:5000", &program.address.to_string());
        let ran = shell(&command, folder.path());
        assert_eq!(without_times(&ran), without_times(&output), "{command}");
    }
}

fn shell(command: &str, folder: &Path) -> String {
    let ran = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .output();
    String::from_utf8(ran.unwrap().stdout)
        .unwrap()
        .trim_end()
        .to_owned()
}

#[test]
fn the_commands_of_the_readme_print_what_it_says() {
    run(include_str!("../../../README.md"), 9);
}

#[test]
fn the_commands_of_the_tutorial_print_what_it_says() {
    run(include_str!("../../../examples/README.md"), 8);
}

#[test]
fn only_times_are_ignored_in_the_comparison() {
    let response = r#"{"visitCount":20,"at":"2026-11-23T10:00:00.12Z","notes":["2026"]}"#;
    assert_eq!(
        without_times(response),
        r#"{"visitCount":20,"at":"<time>","notes":["2026"]}"#
    );
}
