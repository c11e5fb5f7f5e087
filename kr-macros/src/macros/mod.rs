//! One file for each public macro: parse, check, expand, in this order.
//!
//! Uses all other rooms. Knows no rules and generates no code itself.

pub(crate) mod debug_print;
mod handler;
pub(crate) mod host;
pub(crate) mod kr_route;
pub(crate) mod lock_key;
pub(crate) mod locked;
pub(crate) mod shared_state;
