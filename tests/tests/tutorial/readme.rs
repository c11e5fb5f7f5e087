//! The READMEs are true: the lines that they show are run, and the answers compared.

use kr_tests::{Program, example};
use std::path::Path;
use std::process::Command;
use tempfile::tempdir;

/// A line that a reader types, and what the README says comes out.
struct Step {
    line: String,
    response: String,
}

/// The steps in the `console` blocks: lines after `$ `, each followed by its answer.
fn steps(readme: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut console = false;
    for text in readme.lines() {
        if text.starts_with("```") {
            console = text == "```console";
        } else if let (true, Some(line)) = (console, text.strip_prefix("$ ")) {
            steps.push(Step {
                line: line.to_owned(),
                response: String::new(),
            });
        } else if let (true, Some(step)) = (console, steps.last_mut()) {
            step.response.push_str(text);
        }
    }
    steps
}

/// Times differ from run to run; all else must not.
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

/// Runs the steps against a server that has just started, in a folder of their own.
fn run(readme: &str, at_least: usize) {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("skipped: there is no curl to run the README's lines with");
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
    for Step { line, response } in steps {
        assert!(line.contains("localhost:5000"), "{line}");
        let line = line.replace("localhost:5000", &program.address.to_string());
        let ran = shell(&line, folder.path());
        assert_eq!(without_times(&ran), without_times(&response), "{line}");
    }
}

fn shell(line: &str, folder: &Path) -> String {
    let ran = Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .output();
    String::from_utf8(ran.unwrap().stdout)
        .unwrap()
        .trim_end()
        .to_owned()
}

#[test]
fn the_lines_of_the_readme_answer_as_printed() {
    run(include_str!("../../../README.md"), 9);
}

#[test]
fn the_lines_of_the_tutorial_answer_as_printed() {
    run(include_str!("../../../examples/README.md"), 8);
}

#[test]
fn only_times_are_left_out_of_the_comparison() {
    let response = r#"{"visitCount":20,"at":"2026-11-23T10:00:00.12Z","notes":["2026"]}"#;
    assert_eq!(
        without_times(response),
        r#"{"visitCount":20,"at":"<time>","notes":["2026"]}"#
    );
}
