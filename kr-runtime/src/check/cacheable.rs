//! Which states a cached response may depend on.

use std::panic::RefUnwindSafe;

/// A state that only commits change, as far as its type tells, so that one response can be made from it for each commit.
///
/// A [`Counter`](crate::Counter) changes without a commit, so a type with one in it, at any depth, does not implement this
/// trait; behind a mutex of the standard library it is not detected.
#[diagnostic::on_unimplemented(
    message = "a response made from `{Self}` cannot be cached: something in it changes without a commit",
    label = "has a `Counter` in it, or something else that is changed through `&`",
    note = "remove `cached` from the route [KR0023]"
)]
pub trait Cacheable {}

#[diagnostic::do_not_recommend]
impl<S: RefUnwindSafe + ?Sized> Cacheable for S {}

/// Does nothing; its bound is the check.
pub const fn assert_cacheable<S: Cacheable + ?Sized>() {}
