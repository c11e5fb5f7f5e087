//! The order of rooms in the two crates: a file uses its own room and those below it, and no two files use each other.
//!
//! A room is a folder beside `lib.rs`. A path such as `crate::lock::Key` counts as a use of the file that defines `Key`, not
//! of the `mod.rs` that re-exports it.

mod made_up;
mod rules;
mod source;
mod tree;

use rules::{Layout, violations};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tree::Tree;

const MACROS: Layout<'_> = Layout {
    rooms: &["syntax", "parse", "check", "expand", "macros"],
    loose_files: &["lib.rs"],
    recursive_folders: &[],
};

const RUNTIME: Layout<'_> = Layout {
    rooms: &[
        "sync",
        "clixml",
        "snapshot",
        "lock",
        "store",
        "check",
        "transaction",
        "state",
        "host",
        "http",
        "openapi",
        "operations",
        "app",
    ],
    loose_files: &[
        "lib.rs",
        "prelude.rs",
        "guide.rs",
        "handler.rs",
        "private.rs",
        "error_codes.rs",
    ],
    recursive_folders: &["clixml/value", "clixml/ser", "clixml/de"],
};

#[test]
fn the_macros_keep_the_order_of_their_rooms() {
    assert_keeps("../kr-macros/src", &MACROS);
}

#[test]
fn the_runtime_keeps_the_order_of_its_rooms() {
    assert_keeps("../kr-runtime/src", &RUNTIME);
}

fn assert_keeps(folder: &str, layout: &Layout<'_>) {
    let mut files = BTreeMap::new();
    read(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder),
        "",
        &mut files,
    );
    let found = violations(&Tree::new(files), layout);
    assert!(
        found.is_empty(),
        "{} violations in {folder}:\n{}",
        found.len(),
        found.join("\n")
    );
}

/// Reads the source files in a folder, by their paths in it.
fn read(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            read(&path, &format!("{name}/"), files);
        } else if name.ends_with(".rs") {
            files.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
}
