//! The keys of `#[locked]`, and the states that a handler borrows.

use super::declared::{BorrowedState, DeclaredLocks, NOT_LOCKED};
use super::keys::{is_template, same_bytes, same_key};
use super::message::Message;

/// A state's lock is among those that the handler names.
///
/// # Panics
/// With the message that the compiler shows, if it is not.
#[track_caller]
pub const fn assert_lock_named(state: &BorrowedState, declared: &DeclaredLocks) {
    if !state.is_state {
        return;
    }
    let mut found: Option<&str> = None;
    let mut at = 0;
    while at < declared.keys.len() {
        let key = declared.keys[at];
        if same_key(state.lock, key) {
            // Keys without placeholders that name one lock are reported where they are written.
            if let Some(other) = found
                && is_template(key)
            {
                Message::new()
                    .quote(declared.handler)
                    .text(" borrows ")
                    .quote(state.name)
                    .text(", which could be that of ")
                    .string(other)
                    .text(" or that of ")
                    .string(key)
                    .help("keep one of the keys, or take an instance for each: `#[locked(one = ")
                    .string(other)
                    .text(", other = ")
                    .string(key)
                    .text(")]` with `one: &mut ")
                    .text(state.name)
                    .text(", other: &mut ")
                    .text(state.name)
                    .text("` [KR0308]")
                    .panic()
            }
            found = Some(key);
        }
        at += 1;
    }
    if found.is_some() {
        return;
    }
    let message = Message::new()
        .quote(state.name)
        .text(" is guarded by lock ")
        .string(state.lock);
    if declared.keys.len() == 1 && declared.states == 1 {
        let message = message
            .text(", but ")
            .quote(declared.handler)
            .text(" locks ")
            .string(declared.keys[0]);
        if !declared.argument.is_empty() {
            message
                .help("write `")
                .text(declared.argument)
                .text(" = ")
                .lock(state.lock, declared)
                .text("` for this key [KR0303]")
                .panic()
        }
        message
            .help("write `#[locked(")
            .lock(state.lock, declared)
            .text(")]` [KR0303]")
            .panic()
    }
    let mut message = message
        .text(", which ")
        .quote(declared.handler)
        .text(" does not hold")
        .help("write `#[locked(");
    let mut at = 0;
    while at < declared.keys.len() {
        message = message.string(declared.keys[at]).text(", ");
        at += 1;
    }
    message
        .lock(state.lock, declared)
        .text(")]` [KR0304]")
        .panic()
}

/// Called where a handler borrows a state and names no lock at all: says which one.
///
/// # Panics
/// With the message that the compiler shows, if it is a state.
#[track_caller]
pub const fn lock_missing(state: &BorrowedState, handler: &str, verb: &str) {
    if !state.is_state {
        return;
    }
    Message::new()
        .quote(handler)
        .text(" ")
        .text(verb)
        .text(" ")
        .quote(state.name)
        .text(" without its lock")
        .help("add `#[locked(")
        .string(state.lock)
        .text(")]` [KR0302]")
        .panic()
}

/// A constant names a lock. (The macro has checked keys that are literals.)
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_constant_key(constant: &str) {
    if constant.trim_ascii().is_empty() {
        Message::new()
            .text("a lock key cannot be empty")
            .help("name what the lock guards, such as \"shop:prices\" [KR0306]")
            .panic()
    }
    if is_template(constant) {
        Message::new()
            .text("lock key ")
            .string(constant)
            .text(" has a placeholder for an argument, which cannot be seen in a constant")
            .help("write the key itself: ")
            .string(constant)
            .text(" [KR0312]")
            .panic()
    }
}

/// None of the keys before this one names the same lock, which literals alone cannot tell.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_lock_named_once(key: &str, before: &[&str]) {
    let mut at = 0;
    while at < before.len() {
        if same_key(before[at], key) {
            Message::new()
                .text("lock ")
                .string(key)
                .text(" is taken twice")
                .help("locks are not re-entrant; name each once [KR0308]")
                .panic()
        }
        at += 1;
    }
}

/// A key of `#[locked]` guards one of the states that the handler borrows.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_lock_guards_state(handler: &str, key: &str, borrowed: &[&BorrowedState]) {
    let mut at = 0;
    while at < borrowed.len() {
        if !borrowed[at].is_state || same_key(key, borrowed[at].lock) {
            return;
        }
        at += 1;
    }
    Message::new()
        .quote(handler)
        .text(" locks ")
        .string(key)
        .text(" but borrows no state that it guards")
        .help(
            "remove the key, or write `exclusive` after the keys to hold it all the same [KR0305]",
        )
        .panic()
}

/// Two borrowed states are not one type under two names.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_borrowed_once(handler: &str, state: &BorrowedState, other: &BorrowedState) {
    if state.is_state && same_bytes(state.id.as_bytes(), other.id.as_bytes()) {
        Message::new()
            .quote(state.name)
            .text(" is borrowed twice by ")
            .quote(handler)
            .help("take it once: `&mut ")
            .text(state.name)
            .text("` reads as well as writes [KR0313]")
            .panic()
    }
}

/// The number of the key with which the state of a lock is found, from 1, among these templates; 0 if it has no key.
#[must_use]
pub const fn key_position(lock: &str, templates: &[&str]) -> usize {
    if !is_template(lock) {
        return 0;
    }
    let mut at = 0;
    while at < templates.len() {
        if same_key(lock, templates[at]) {
            return at + 1;
        }
        at += 1;
    }
    NOT_LOCKED
}
