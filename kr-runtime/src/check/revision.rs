//! The revision of the states that a handler borrows.

use super::declared::BorrowedState;
use super::keys::same_key;
use super::message::Message;

/// The borrowed states, each with whether it is the host, have one lock and so one revision.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_one_revision(handler: &str, code: &str, borrowed: &[(&BorrowedState, bool)]) {
    let mut first: Option<&BorrowedState> = None;
    let mut at = 0;
    while at < borrowed.len() {
        let (state, is_host) = borrowed[at];
        at += 1;
        if is_host {
            continue;
        }
        if !state.is_state {
            // It is reported where its value is made.
            return;
        }
        match first {
            None => first = Some(state),
            Some(first) if same_key(first.lock, state.lock) => {}
            Some(first) => Message::new()
                .quote(first.name)
                .text(" and ")
                .quote(state.name)
                .text(" of ")
                .quote(handler)
                .text(" have different locks, so there is no single revision")
                .help("borrow states of one lock; of others, `Host::read` returns the revision [")
                .text(code)
                .text("]")
                .panic(),
        }
    }
    if first.is_none() {
        Message::new()
            .quote(handler)
            .text(" borrows no state that has a revision")
            .help("borrow the state beside the host: `state: &S` [")
            .text(code)
            .text("]")
            .panic()
    }
}
