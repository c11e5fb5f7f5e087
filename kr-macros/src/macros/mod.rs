//! One file for each public macro: parse, check, expand, in this order.
//!
//! Uses all other rooms. Knows how the two attributes of a handler combine; all other rules, and the code that is generated,
//! are below.

pub(crate) mod debug_print;
mod handler;
pub(crate) mod host;
pub(crate) mod kr_route;
pub(crate) mod lock_key;
pub(crate) mod locked;
pub(crate) mod shared_state;
