//! How long 200 handlers take to compile, compared with the same 200 handwritten on axum, and how many lines a route expands
//! to.
//!
//! ```text
//! cargo bench --package kr-tests --bench compile_time
//! ```
//!
//! Two crates are generated and compiled alternately. Their dependencies are compiled before, and nothing is incremental. The
//! ratio of each pair of rounds counts, above all that of processor time, which a busy machine changes least. Nothing is
//! asserted.

mod handwritten;
mod with_kr;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// How many handlers each crate has.
const HANDLERS: usize = 200;
/// How many states they share.
const STATES: usize = 10;
const ROUNDS: usize = 7;

fn main() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compile-time");
    write_crates(&folder);
    println!(
        "{HANDLERS} handlers over {STATES} states, {ROUNDS} rounds each, in turn; seconds, median [least, most]"
    );
    for command in ["check", "build"] {
        // The first run compiles the dependencies.
        time(&folder, command, "with_kr");
        time(&folder, command, "handwritten");
        let rounds: Vec<(Took, Took)> = (0..ROUNDS)
            .map(|_| {
                (
                    time(&folder, command, "with_kr"),
                    time(&folder, command, "handwritten"),
                )
            })
            .collect();
        println!("cargo {command}");
        report(&rounds, "elapsed", |took| Some(took.elapsed));
        report(&rounds, "processor", |took| took.processor);
    }
    let lines = expanded_lines(&folder);
    let per_route = lines as f64 / HANDLERS as f64;
    println!("{per_route:.0} lines of expansion per route, the function's own included");
}

fn write_crates(folder: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let root = root.canonicalize().unwrap();
    let crates = [
        (
            "with_kr",
            "kr-runtime = { path = \"ROOT/kr-runtime\" }",
            with_kr::source(),
        ),
        ("handwritten", "", handwritten::source()),
    ];
    for (name, dependency, source) in crates {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
             axum = {{ version = \"0.8\", default-features = false, features = [\"http1\", \"json\", \"query\", \"form\", \"tokio\"] }}\n\
             serde = {{ version = \"1\", features = [\"derive\"] }}\n\
             tokio = {{ version = \"1\", features = [\"macros\", \"net\", \"rt-multi-thread\", \"signal\", \"sync\", \"time\"] }}\n{}\n",
            dependency.replace("ROOT", root.to_str().unwrap())
        );
        write(&folder.join(name).join("Cargo.toml"), &manifest);
        write(&folder.join(name).join("src/main.rs"), &source);
    }
    let workspace = "[workspace]\nresolver = \"3\"\nmembers = [\"with_kr\", \"handwritten\"]\n";
    write(&folder.join("Cargo.toml"), workspace);
    // The versions of the workspace.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
}

fn write(path: &PathBuf, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// The time to compile one crate, in seconds.
struct Took {
    elapsed: f64,
    /// Of all processors together, where the system reports it.
    processor: Option<f64>,
}

/// Compiles one crate, of which only the crate itself has changed.
fn time(folder: &Path, command: &str, name: &str) -> Took {
    touch(folder, name);
    let (start, before) = (Instant::now(), processor());
    let output = cargo(folder, command, name).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Took {
        elapsed: start.elapsed().as_secs_f64(),
        processor: processor()
            .zip(before)
            .map(|(after, before)| after - before),
    }
}

/// The processor time of all child processes so far, in seconds.
fn processor() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name, in parentheses, is the second field; of the rest, these two are `cutime` and `cstime`.
    let (_, rest) = stat.rsplit_once(')')?;
    let ticks = rest.split_whitespace().skip(13).take(2);
    let ticks: f64 = ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    Some(ticks / 100.0)
}

fn report(rounds: &[(Took, Took)], what: &str, of: impl Fn(&Took) -> Option<f64>) {
    let pairs = rounds.iter().map(|(kr, hand)| of(kr).zip(of(hand)));
    let Some(pairs) = pairs.collect::<Option<Vec<_>>>() else {
        return;
    };
    println!("  {what}");
    println!("    kr        {}", spread(pairs.iter().map(|(kr, _)| *kr)));
    let hand = pairs.iter().map(|(_, hand)| *hand);
    println!("    hand      {}", spread(hand));
    let ratios = pairs.iter().map(|(kr, hand)| kr / hand);
    println!("    kr / hand {}", spread(ratios));
}

fn touch(folder: &Path, name: &str) {
    let source = folder.join(name).join("src/main.rs");
    let text = fs::read_to_string(&source).unwrap();
    fs::write(&source, text).unwrap();
}

fn cargo(folder: &Path, command: &str, name: &str) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args([command, "--offline", "--quiet", "--package", name])
        .current_dir(folder)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .stdin(Stdio::null());
    cargo
}

/// The number of lines that all routes expand to, as rustfmt formats them.
fn expanded_lines(folder: &Path) -> usize {
    touch(folder, "with_kr");
    let output = cargo(folder, "check", "with_kr")
        .env("KR_MACROS_DEBUG", "*")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    // A comment with its name is above each item. The states and the host are not counted.
    let mut counts = false;
    let mut lines = 0;
    for line in text.lines() {
        match line.strip_prefix("// ") {
            Some(name) => counts = name.starts_with("handler_"),
            None => lines += usize::from(counts),
        }
    }
    lines
}

/// The median, the minimum and the maximum.
fn spread(values: impl Iterator<Item = f64>) -> String {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    let (least, most) = (values[0], values[values.len() - 1]);
    format!("{:.2} [{least:.2}, {most:.2}]", values[values.len() / 2])
}
