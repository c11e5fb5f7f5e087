//! What generated code calls. It may change in any release; nothing else should name it.

pub use crate::check::handler_info::{Meta, Method};
pub use crate::check::{
    Borrowed, Locking, borrowed_once, counted, distinct, guarded, guards_something, held_alone,
    held_by_key, held_once, is_key, is_template, named_once, position, unguarded,
};
pub use crate::host::binding::{
    Alone, Binding, By, Holds, Mistaken, Nth, UNHELD, Unheld, counts, reads, writes,
    writes_in_place,
};
pub use crate::host::by_type::Counters;
pub use crate::http::bound_handler::{Keys, Located, Site, fixed, key, keyed};
pub use crate::http::cached_response::{Settled, read_cached, settled};
pub use crate::http::extract::{
    Capture, Captures, Part, PartOf, Whole, WholeOf, capture, captures, nothing, only_capture,
    only_captures, only_part_of, only_whole, only_whole_of, part, part_of, whole, whole_of,
};
pub use crate::http::pipeline::{Ran, read, read_async, write, write_async};
pub use crate::http::respond::{Answer, Commits, Fail, Judge, Respond, ran};
pub use crate::http::response_future::Answering;
pub use crate::http::route::{Entry, Handler, NoRoute, Route, RouteProbe, broken, collect};
pub use crate::lock::lock_key::{KeyProbe, NoKey};
pub use crate::state::registration::Part as Field;
pub use crate::state::shared::{
    CounterField, NoCounter, Probe, Traits, Unwritten, as_counter, downcast as state_of,
};
pub use crate::transaction::active::States;
pub use axum::extract::Request;
pub use axum::response::Response;
pub use std::option::Option::None;
pub use std::result::Result::{Err, Ok};
pub use std::sync::Arc;
pub use std::vec::Vec;

use std::pin::Pin;
use std::time::Duration;

// These are functions, since the compiler guesses at imports of a type whose path it cannot follow.

/// `Vec::from` by a name of its own: a module without the prelude lacks the trait that it comes from.
pub fn vec<T, const N: usize>(items: [T; N]) -> Vec<T> {
    Vec::from(items)
}

/// `Box::pin`. What the future lacks to be a [`Taking`](crate::http::extract::Taking) is said where it is called, without a bound of
/// ours.
pub fn boxed<F>(taking: F) -> Pin<Box<F>> {
    Box::pin(taking)
}

/// `Clone::clone`, for the parts of a key.
pub fn cloned<T: Clone>(part: &T) -> T {
    part.clone()
}

/// A time that an attribute names.
#[must_use]
pub const fn millis(millis: u64) -> Option<Duration> {
    Some(Duration::from_millis(millis))
}
