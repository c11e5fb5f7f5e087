//! Keyed states whose instances a handler lists.

use super::declared::BorrowedState;
use super::keys::{is_template, past_placeholder};
use super::message::Message;

/// The template of a listed state is among those that the handler names.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_listed(handler: &str, state: &BorrowedState, templates: &[&str]) {
    if !state.is_state {
        return;
    }
    if !is_template(state.lock) {
        Message::new()
            .quote(handler)
            .text(" lists instances of ")
            .quote(state.name)
            .text(", which has one value and no key")
            .help("borrow it: `&")
            .text(state.name)
            .text("` [KR0318]")
            .panic()
    }
    let mut at = 0;
    while at < templates.len() {
        if names(templates[at], state.lock) {
            return;
        }
        at += 1;
    }
    Message::new()
        .quote(handler)
        .text(" lists instances of ")
        .quote(state.name)
        .text(", whose lock it does not name")
        .help("write `#[locked(")
        .with_stars(state.lock)
        .text(")]`, which takes no lock [KR0318]")
        .panic()
}

/// A template names the lock of one of the listed states.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_lists(handler: &str, template: &str, states: &[&BorrowedState]) {
    let mut at = 0;
    while at < states.len() {
        if !states[at].is_state || names(template, states[at].lock) {
            return;
        }
        at += 1;
    }
    Message::new()
        .quote(handler)
        .text(" names ")
        .string(template)
        .text(" but lists no state that it guards")
        .help("remove the key [KR0318]")
        .panic()
}

/// Whether a template with `*` is that of a lock.
const fn names(template: &str, lock: &str) -> bool {
    let (one, other) = (
        template.trim_ascii().as_bytes(),
        lock.trim_ascii().as_bytes(),
    );
    let (mut a, mut b) = (0, 0);
    while a < one.len() && b < other.len() {
        if one[a] == b'*' && other[b] == b'{' {
            b = past_placeholder(other, b);
        } else if one[a].eq_ignore_ascii_case(&other[b]) {
            b += 1;
        } else {
            return false;
        }
        a += 1;
    }
    a == one.len() && b == other.len()
}
