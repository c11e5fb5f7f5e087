//! The corrected programs compile.
//!
//! They are the programs of a project of their own, which `cargo check` looks through: linking and running each of them would
//! take some minutes and gigabytes more, and say nothing more.

use crate::files;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Checks all of them.
///
/// # Panics
/// If one does not compile. The message has what the compiler says.
pub(crate) fn check() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("corrected");
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/lib.rs"), "").unwrap();
    fs::write(folder.join("Cargo.toml"), manifest()).unwrap();
    // The versions that everything else is tested with.
    fs::copy("../Cargo.lock", folder.join("Cargo.lock")).unwrap();
    let checked = Command::new(env!("CARGO"))
        .args([
            "check",
            "--examples",
            "--quiet",
            "--offline",
            "--keep-going",
        ])
        .args(["--color=never", "--message-format=short"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("RUSTFLAGS", "-A warnings")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{said}");
}

/// What the programs use.
const USED: [&str; 5] = ["axum", "http", "kr-runtime", "serde", "serde_json"];

/// A project with what these tests depend on, as far as the programs use it. They are examples, which see what tests see.
fn manifest() -> String {
    let (tests, workspace) = (read("Cargo.toml"), read("../Cargo.toml"));
    let root = fs::canonicalize("..").unwrap();
    let versions = section(&workspace, "workspace.dependencies")
        .join("\n")
        .replace("path = \"", &format!("path = \"{}/", root.display()));
    let used = |name: &str| {
        let mut lines = section(&tests, name);
        lines.retain(|line| {
            let name = line.split([' ', '.']).next();
            name.is_some_and(|name| USED.contains(&name))
        });
        lines.join("\n")
    };
    let mut manifest = format!(
        "[package]\nname = \"corrected\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
         [workspace.dependencies]\n{versions}\n[dependencies]\n{}\n[dev-dependencies]\n{}\n",
        used("dependencies"),
        used("dev-dependencies"),
    );
    for program in files("tests/pass", "rs") {
        let below = program.strip_prefix("tests/pass").unwrap();
        let name = below.with_extension("").display().to_string();
        let (name, path) = (name.replace('/', "-"), fs::canonicalize(&program).unwrap());
        let path = path.display();
        writeln!(
            manifest,
            "[[example]]\nname = \"{name}\"\npath = \"{path}\""
        )
        .unwrap();
    }
    manifest
}

/// The lines below a heading of a manifest.
fn section<'m>(manifest: &'m str, name: &str) -> Vec<&'m str> {
    let heading = format!("[{name}]");
    let mut lines = manifest.lines().skip_while(|line| *line != heading);
    assert!(lines.next().is_some(), "{heading} is missing");
    lines.take_while(|line| !line.starts_with('[')).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap()
}
