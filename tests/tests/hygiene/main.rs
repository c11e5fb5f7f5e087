//! A handler may be written wherever a function may, and what the macros add gives no warning and takes no name.
#![deny(warnings)]
#![deny(clippy::all, clippy::pedantic, missing_docs, unused_qualifications)]
#![allow(
    missing_docs,
    clippy::needless_pass_by_value,
    clippy::unused_async,
    reason = "these are about the handlers, and say what they would say of any function"
)]

mod attributes;
mod lower_case_items;
mod made_by_a_macro;
mod names_of_the_expansion;
mod nested;
#[no_implicit_prelude]
mod no_prelude;
mod raw_identifiers;
mod renamed;
mod shadowed;
mod signatures;
