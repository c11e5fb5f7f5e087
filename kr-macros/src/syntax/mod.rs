//! Helpers over `syn` and `proc_macro2`: reported errors, functions, types, separators, and the path of the runtime.
//!
//! Uses no other room. Knows none of kr's attributes beyond their names, and generates no code.

pub(crate) mod diagnostic;
pub(crate) mod errors;
pub(crate) mod function;
pub(crate) mod item;
pub(crate) mod lifetimes;
pub(crate) mod manifest;
pub(crate) mod runtime_path;
pub(crate) mod separators;
pub(crate) mod spans;
pub(crate) mod suggestion;
pub(crate) mod types;
