//! What a host holds.

use super::declared::BorrowedState;
use super::keys::{is_template, placeholders, same_bytes};
use super::message::Message;
use crate::store::{CounterField, Counters};

/// A state of a host has another name than those before it.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_state_name_unique(host: &str, state: &BorrowedState, before: &[BorrowedState]) {
    let mut at = 0;
    while at < before.len() {
        if state.is_state && same_bytes(before[at].name.as_bytes(), state.name.as_bytes()) {
            Message::new()
                .text("host ")
                .quote(host)
                .text(" holds two states named ")
                .quote(state.name)
                .help("give one of the types another name: `#[shared_state(lock = \"…\", name = \"…\")]` [KR0406]")
                .panic()
        }
        at += 1;
    }
}

/// A state that a host holds in a `Shared<S>` has one lock.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_single(state: &BorrowedState) {
    let BorrowedState { name, lock, .. } = *state;
    if is_template(lock) {
        Message::new()
            .quote(name)
            .text(" has one instance for each key, since its lock is ")
            .string(lock)
            .help("hold it in a `SharedMap<K, ")
            .text(name)
            .text(">`, where `K` is the type of the key [KR0311]")
            .panic()
    }
}

/// A state that a host holds in a `SharedMap<K, S>` has a lock for each key.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_keyed(state: &BorrowedState, parts: Option<usize>) {
    let BorrowedState { name, lock, .. } = *state;
    if !state.is_state {
        return;
    }
    if !is_template(lock) {
        Message::new()
            .text("the instances of ")
            .quote(name)
            .text(" would all have one lock, ")
            .string(lock)
            .help("write `#[shared_state(lock = \"")
            .text(lock.trim_ascii())
            .text(":{id}\")]`, or hold it in a `Shared<")
            .text(name)
            .text(">` [KR0311]")
            .panic()
    }
    if let Some(parts) = parts
        && parts != placeholders(lock.as_bytes())
    {
        Message::new()
            .text("lock ")
            .string(lock)
            .text(" of ")
            .quote(name)
            .text(" has ")
            .count(placeholders(lock.as_bytes()), "placeholder")
            .text(", and its key has ")
            .count(parts, "part")
            .help("write `SharedMap<")
            .types(placeholders(lock.as_bytes()))
            .text(", ")
            .text(name)
            .text(">` with a type for each placeholder [KR0311]")
            .panic()
    }
}

/// A counter is found by its name, in one state.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_counter(handler: &str, name: &str, states: Counters) {
    let mut found: Option<&str> = None;
    let mut at = 0;
    while at < states.len() {
        let (state, fields) = states[at];
        if has_counter(fields, name) {
            if let Some(other) = found {
                Message::new()
                    .quote(other)
                    .text(" and ")
                    .quote(state)
                    .text(" both have a counter ")
                    .quote(name)
                    .text(", which ")
                    .quote(handler)
                    .text(" borrows")
                    .help("give one of them another name [KR0216]")
                    .panic()
            }
            found = Some(state);
        }
        at += 1;
    }
    if found.is_none() {
        let message = Message::new()
            .quote(handler)
            .text(" borrows counter ")
            .quote(name)
            .text(", which no state of the host has")
            .help("");
        let (message, count) = message.counters(states);
        let message = match count {
            0 => message,
            1 => message.text(" is the one there is: give the argument its name, or "),
            _ => message.text(" are those there are: give the argument the name of one, or "),
        };
        message
            .text("add a field `")
            .text(name)
            .text(": Counter` to a state [KR0216]")
            .panic()
    }
}

const fn has_counter(fields: &[CounterField], name: &str) -> bool {
    let mut at = 0;
    while at < fields.len() {
        let field = &fields[at];
        if field.is_counter && same_bytes(field.name.as_bytes(), name.as_bytes()) {
            return true;
        }
        at += 1;
    }
    false
}
