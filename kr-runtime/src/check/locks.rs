//! The keys of `#[locked]`, and the states that a handler borrows.

use super::keys::{is_template, same_bytes, same_key};
use super::message::Message;
use crate::host::binding::UNHELD;

/// A borrowed state: what its type says of itself.
pub struct Borrowed {
    /// Its name.
    pub name: &'static str,
    /// The key of its lock, as written.
    pub lock: &'static str,
    /// Tells types of the same name apart.
    pub id: &'static str,
}

/// What a handler says of its locks.
pub struct Locking {
    /// The handler's name.
    pub handler: &'static str,
    /// The keys in `#[locked]`, as written.
    pub keys: &'static [&'static str],
    /// How many states the handler borrows.
    pub states: usize,
}

/// A state's lock is among those that the handler names.
///
/// # Panics
/// With the message that the compiler shows, if it is not.
#[track_caller]
pub const fn guarded(state: &Borrowed, locking: &Locking) {
    let mut found: Option<&str> = None;
    let mut at = 0;
    while at < locking.keys.len() {
        let key = locking.keys[at];
        if same_key(state.lock, key) {
            // Keys without places that are one lock are told where they stand.
            if let Some(other) = found
                && is_template(key)
            {
                Message::new()
                    .quote(locking.handler)
                    .text(" borrows ")
                    .quote(state.name)
                    .text(", which could be that of ")
                    .string(other)
                    .text(" or that of ")
                    .string(key)
                    .help("keep one of the keys; several instances change together in `Host::update_many` [KR0308]")
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
    if locking.keys.len() == 1 && locking.states == 1 {
        message
            .text(", but ")
            .quote(locking.handler)
            .text(" locks ")
            .string(locking.keys[0])
            .help("write `#[locked(")
            .lock(state.lock, locking)
            .text(")]` [KR0303]")
            .panic()
    }
    let mut message = message
        .text(", which ")
        .quote(locking.handler)
        .text(" does not hold")
        .help("write `#[locked(");
    let mut at = 0;
    while at < locking.keys.len() {
        message = message.string(locking.keys[at]).text(", ");
        at += 1;
    }
    message
        .lock(state.lock, locking)
        .text(")]` [KR0304]")
        .panic()
}

/// Stands where a handler borrows a state and names no lock at all: tells which one.
///
/// # Panics
/// Always, with the message that the compiler shows.
#[track_caller]
pub const fn unguarded(state: &Borrowed, handler: &str, verb: &str) {
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

/// A constant names a lock. A key that is written where it is used was looked at there.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn is_key(constant: &str) {
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
            .text(" has a place for an argument, which cannot be seen in a constant")
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
pub const fn held_once(key: &str, before: &[&str]) {
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
pub const fn guards_something(handler: &str, key: &str, borrowed: &[&str]) {
    let mut at = 0;
    while at < borrowed.len() {
        if same_key(key, borrowed[at]) {
            return;
        }
        at += 1;
    }
    Message::new()
        .quote(handler)
        .text(" locks ")
        .string(key)
        .text(" but borrows no state that it guards")
        .help("remove the key, or write `only` after the keys to hold it all the same [KR0305]")
        .panic()
}

/// Two borrowed states are not one type under two names.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn borrowed_once(handler: &str, state: &Borrowed, other: &Borrowed) {
    if same_bytes(state.id.as_bytes(), other.id.as_bytes()) {
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

/// Where the state of a lock is found: 0 if it is one, otherwise by the key of that number among these templates, from 1.
#[must_use]
pub const fn position(lock: &str, templates: &[&str]) -> usize {
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
    UNHELD
}
