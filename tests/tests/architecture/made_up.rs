//! The rules are tried on small made-up crates, each with one violation or with none.

use crate::rules::{Layout, violations};
use crate::tree::Tree;

const LAYOUT: Layout<'_> = Layout {
    rooms: &["low", "high"],
    loose_files: &["lib.rs"],
    recursive_folders: &["low/recursive"],
};

/// The violations of a crate whose rooms have these files in addition to two that break no rule.
fn check(files: &[(&str, &str)]) -> Vec<String> {
    let ground = [
        ("lib.rs", "mod high;\nmod low;"),
        ("low/mod.rs", "//! Low.\n"),
        ("high/mod.rs", "//! High.\n"),
    ];
    let files = ground.iter().chain(files);
    let files = files.map(|(file, text)| ((*file).to_owned(), (*text).to_owned()));
    violations(&Tree::new(files.collect()), &LAYOUT)
}

#[track_caller]
fn assert_found(files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(check(files), expected);
}

#[test]
fn a_crate_that_keeps_the_order_has_no_violation() {
    assert_found(
        &[
            ("low/a.rs", "pub struct A;"),
            (
                "high/b.rs",
                "use crate::low::a::A;\npub fn b(_: A) {}\nfn c() { b(A) }",
            ),
        ],
        &[],
    );
}

#[test]
fn an_upward_import_is_found_with_its_line() {
    assert_found(
        &[
            ("low/a.rs", "// A comment.\n\nuse crate::high::b::B;"),
            ("high/b.rs", "pub struct B;"),
        ],
        &["low/a.rs:3: `crate::high::b::B` leads up to high/b.rs"],
    );
}

#[test]
fn an_upward_path_in_code_is_found() {
    for path in ["crate::high::b::f", "super::super::high::b::f"] {
        assert_found(
            &[
                ("low/a.rs", &format!("fn a() {{\n    {path}()\n}}")),
                ("high/b.rs", "pub fn f() {}"),
            ],
            &[&format!("low/a.rs:2: `{path}` leads up to high/b.rs")],
        );
    }
}

#[test]
fn a_path_in_a_macro_is_found() {
    assert_found(
        &[
            (
                "low/a.rs",
                "macro_rules! m {\n    () => { $crate::high::b::f() };\n}",
            ),
            ("high/b.rs", "pub fn f() {}"),
        ],
        &["low/a.rs:2: `crate::high::b::f` leads up to high/b.rs"],
    );
}

#[test]
fn a_path_in_an_exported_macro_is_no_use() {
    assert_found(
        &[
            (
                "low/a.rs",
                "#[macro_export]\nmacro_rules! m {\n    () => { $crate::high::b::f() };\n}",
            ),
            ("high/b.rs", "pub fn f() {}"),
        ],
        &[],
    );
}

#[test]
fn an_upward_use_of_a_module_is_found_where_it_is_used() {
    assert_found(
        &[
            (
                "low/a.rs",
                "use crate::high::{self, b as other};\nfn a() {\n    high::b::f();\n    other::f();\n}",
            ),
            ("high/b.rs", "pub fn f() {}"),
        ],
        &[
            "low/a.rs:3: `high::b::f` leads up to high/b.rs",
            "low/a.rs:4: `other::f` leads up to high/b.rs",
        ],
    );
}

#[test]
fn a_reexport_is_followed_to_the_definition() {
    let low = "//! Low.\nmod a;\npub(crate) use a::{A, C as D};\npub use crate::high::b::*;";
    assert_found(
        &[
            ("low/mod.rs", low),
            ("low/a.rs", "pub struct A;\npub struct C;"),
            ("low/c.rs", "use super::{A, D};\nuse crate::low::B;"),
            ("high/b.rs", "pub struct B;"),
        ],
        &["low/c.rs:2: `crate::low::B` leads up to high/b.rs"],
    );
}

#[test]
fn two_files_that_import_each_other_are_a_cycle() {
    assert_found(
        &[
            ("low/a.rs", "use super::b::B;\npub struct A;"),
            ("low/b.rs", "use crate::low::a::A;\npub struct B;"),
        ],
        &["cycle: low/a.rs:1: `super::b::B`, then low/b.rs:1: `crate::low::a::A`"],
    );
}

#[test]
fn a_cycle_round_a_corner_is_found() {
    assert_found(
        &[
            ("low/a.rs", "pub struct A;\nfn a(_: super::b::B) {}"),
            ("low/b.rs", "use super::c::C;\npub struct B;"),
            ("low/c.rs", "use super::a::A;\npub struct C;"),
        ],
        &[
            "cycle: low/a.rs:2: `super::b::B`, then low/b.rs:1: `super::c::C`, then low/c.rs:1: `super::a::A`",
        ],
    );
}

#[test]
fn a_recursive_folder_may_have_a_cycle_inside_but_not_through_another_file() {
    let room = ("low/recursive/mod.rs", "mod a;\nmod b;");
    let a = ("low/recursive/a.rs", "use super::b::B;\npub struct A;");
    let b = ("low/recursive/b.rs", "use super::a::A;\npub struct B;");
    assert_found(&[room, a, b], &[]);
    let c = ("low/c.rs", "use super::recursive::a::A;\npub struct C;");
    assert_found(&[room, a, b, c], &[]);
    let d = ("low/recursive/d.rs", "use crate::low::c::C;\npub struct D;");
    assert_found(
        &[room, a, b, c, d],
        &[
            "cycle: low/c.rs:1: `super::recursive::a::A`, then low/recursive/d.rs:1: `crate::low::c::C`",
        ],
    );
}

#[test]
fn a_module_may_import_its_children_unless_they_import_what_it_defines() {
    let imports = "//! Low.\nmod a;\nuse a::A;\npub struct Own(A);";
    assert_found(
        &[("low/mod.rs", imports), ("low/a.rs", "pub struct A;")],
        &[],
    );
    assert_found(
        &[
            ("low/mod.rs", imports),
            ("low/a.rs", "use super::Own;\npub struct A;"),
        ],
        &["cycle: low/a.rs:1: `super::Own`, then low/mod.rs:3: `a::A`"],
    );
    // A re-export is no use.
    let reexports = "//! Low.\nmod a;\npub use a::A;\npub struct Own;";
    assert_found(
        &[
            ("low/mod.rs", reexports),
            ("low/a.rs", "use super::Own;\npub struct A;"),
        ],
        &[],
    );
}

#[test]
fn comments_strings_and_tests_do_not_count() {
    assert_found(
        &[
            (
                "low/a.rs",
                "//! [`crate::high::b::B`]\n\
                 // use crate::high::b::B;\n\
                 /* crate::high::b::f() */\n\
                 const TEXT: &str = \"crate::high::b::f()\";\n\
                 #[cfg(test)]\n\
                 mod tests {\n    use crate::high::b::B;\n}\n\
                 #[cfg(test)]\n\
                 use crate::high::b::B;\n\
                 #[cfg(test)]\n\
                 mod more;\n",
            ),
            ("low/a/more.rs", "use crate::high::b::B;"),
            ("high/b.rs", "pub struct B;"),
        ],
        &[],
    );
}

#[test]
fn fields_methods_and_other_crates_are_no_paths() {
    assert_found(
        &[
            (
                "low/a.rs",
                "use std::fmt::{self, Debug};\nuse ::high::b::B;\nfn a(x: X) -> impl Debug + use<> {\n    x.high.b()\n}",
            ),
            ("high/b.rs", "pub struct B;"),
        ],
        &[],
    );
}

#[test]
fn a_loose_file_and_an_unknown_folder_are_found() {
    assert_found(
        &[("odd.rs", ""), ("attic/mod.rs", "//! Attic.\n")],
        &[
            "attic/: is not in the list of rooms",
            "odd.rs: lies beside lib.rs and belongs in a room",
        ],
    );
}

#[test]
fn a_room_without_a_header_is_found() {
    assert_found(
        &[("low/mod.rs", "// Low.\nmod a;")],
        &["low/mod.rs: lacks a `//!` header that says what the room is for"],
    );
}
