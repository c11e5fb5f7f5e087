//! Handlers that change states in place.

use super::message::Message;

/// What is changed in place cannot be rolled back, so the handler returns nothing that would have to.
///
/// # Panics
/// With the message that the compiler shows.
#[track_caller]
pub const fn assert_no_roll_back(handler: &str, may_roll_back: bool) {
    if may_roll_back {
        Message::new()
            .quote(handler)
            .text(" changes state in place, so an `Err` or `Unchanged` could not be rolled back")
            .help("remove `in_place`, or return `kr_runtime::axum::response::Response`, which keeps every change [KR0316]")
            .panic()
    }
}
