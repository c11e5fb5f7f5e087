#![doc = include_str!("../docs/errors.md")]
// Some of its programs are half typed.
#![allow(rustdoc::invalid_rust_codeblocks)]
