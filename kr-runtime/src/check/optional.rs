//! Borrowed states that may not be there.

use super::declared::BorrowedState;
use super::keys::{is_template, same_key};
use super::message::Message;

/// A state that is borrowed as `Option<&S>` or `&mut Option<S>` has an instance for each key.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_may_be_absent(state: &BorrowedState, written: &str, instead: &str) {
    if state.is_state && !is_template(state.lock) {
        Message::new()
            .text("shared state is always there, so ")
            .quote(state.name)
            .text(" cannot be optional: only the instances of a `SharedMap` may not be there")
            .help("write `")
            .text(instead)
            .text("` for `")
            .text(written)
            .text("` [KR0208]")
            .panic()
    }
}

/// A handler that may make or remove an instance changes no other state of it.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_only_change(handler: &str, state: &BorrowedState, other: &BorrowedState) {
    if state.is_state && other.is_state && same_key(state.lock, other.lock) {
        Message::new()
            .quote(handler)
            .text(" may remove ")
            .quote(state.name)
            .text(", and ")
            .quote(other.name)
            .text(" with it, which has the same lock and which it changes")
            .help("borrow `&mut ")
            .text(state.name)
            .text("`, or read the other: `Option<&")
            .text(other.name)
            .text(">` [KR0317]")
            .panic()
    }
}
