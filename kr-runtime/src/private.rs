//! What generated code calls. It may change in any release; nothing else should name it.

pub use crate::checks::{
    Borrowed, Locking, borrowed_once, distinct, guarded, guards_something, held_once, named_once,
    unguarded,
};
pub use crate::draft::States;
pub use crate::extract::{
    Capture, Captures, Part, PartOf, Whole, WholeOf, capture, captures, part, part_of, whole,
    whole_of,
};
pub use crate::host::{Binding, reads, writes};
pub use crate::meta::{Meta, Method};
pub use crate::pipeline::{Ran, Site, read, write, write_async};
pub use crate::respond::{Answer, Commits, Fail, Judge, Respond, ran};
pub use crate::route::{Answering, Entry, Handler, Route, broken, collect};
pub use crate::shared::Cell;
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

/// `Box::pin`. What the answer lacks to be an [`Answering`] is said where it is called, without a bound of ours.
pub fn boxed<F>(answer: F) -> Pin<Box<F>> {
    Box::pin(answer)
}

/// A time that an attribute names.
#[must_use]
pub const fn millis(millis: u64) -> Option<Duration> {
    Some(Duration::from_millis(millis))
}
