//! Hygiene of the macros: a handler may be written wherever a function may, and the generated code causes no warning and no
//! conflict of names.
#![deny(warnings)]
#![deny(clippy::all, clippy::pedantic, missing_docs, unused_qualifications)]
#![allow(
    missing_docs,
    clippy::needless_pass_by_value,
    clippy::unused_async,
    reason = "these lints are about the handlers, and would fire for any function"
)]

mod attributes;
mod generated_names;
mod inside_macro_rules;
mod lower_case_items;
mod nested;
#[no_implicit_prelude]
mod no_prelude;
mod raw_identifiers;
mod renamed_crate;
mod shadowed_prelude;
mod signatures;
mod state_types;
