//! What generated code calls. It may change in any release; nothing else should name it.

pub use crate::__described as described;
pub use crate::check::{
    BorrowedState, DeclaredLocks, HandlerInfo, Method, MutabilityProbe, NOT_LOCKED, NotFrozen,
    NotKnownMutable, assert_borrowed_once, assert_cacheable, assert_constant_key,
    assert_constant_path, assert_counter, assert_distinct, assert_holds, assert_keyed,
    assert_listed, assert_lists, assert_lock_guards_state, assert_lock_named,
    assert_lock_named_once, assert_may_be_absent, assert_no_roll_back, assert_one_revision,
    assert_only_change, assert_single, assert_state_name_unique, is_template, key_position,
    lock_missing, or_host, route_label, route_label_len, route_label_text,
};
pub use crate::host::binding::{
    Binding, HasState, Invalid, KeyAt, Keyed, KeyedByPart, NotLocked, ProvidesInstances, Single,
    bind_counter, bind_instances, bind_read, bind_read_optional, bind_revision, bind_write,
    bind_write_in_place, bind_write_optional, with_key, with_key_type,
};
pub use crate::host::{HostProbe, NotHost};
pub use crate::http::{
    BoundHandler, CallKeys, Capture, Captures, ExtractorProbe, FromBody, FromBodyOf, FromParts,
    FromPartsOf, Handler, HandlerProbe, InOrder, IntoErrorResponse, IntoHandlerResponse,
    IntoJsonResponse, Misplaced, NotExtracted, NotFromBody, NotFromParts, NotResult, NotRoute,
    NotSync, Once, Plain, ResolvedCall, ResponseFuture, Route, RouteEntry, Tagged, add_key,
    assert_in_order, capture, captures, collect_routes, extension, from_body, from_body_of,
    from_parts_of, live, live_cached, nothing, placeholder, read, read_async, read_blocking,
    read_cached, read_cached_blocking, read_etag, resolve_fixed, resolve_keyed, single_capture,
    single_captures, single_extension, single_from_body, single_from_body_of, single_from_parts_of,
    single_wrapped_from_body, wrapped_from_parts, write, write_async, write_blocking,
};
#[cfg(feature = "openapi")]
pub use crate::http::{
    Described, Description, NoRequest, NoResponse, NoSchema, Place, Property, TypeSchema,
};
pub use crate::lock::{KeyProbe, KeyReader, Label, NotKey};
pub use crate::state::{
    HostField, IsStored, NotCounter, NotSerializable, NotState, Secrets, SerializeProbe,
    StateProbe, Storable, StoredState, Traits, Wrap, as_counter, with_upgrade,
};
/// What a store is made of, for stores that are tried out.
#[cfg(feature = "file")]
pub use crate::store::FailedSyncs;
pub use crate::store::engine;
pub use crate::store::{CounterField, Counters, Stamp, Storage, downcast as state_of, upgraded};
pub use crate::transaction::{
    AlwaysCommits, Arguments, CommitDecision, CommitsUnlessErr, DecidesInResult, DecidesInUpdate,
    HandlerOutput, NeverRollsBack, RollBackProbe, handler_output,
};
pub use axum::extract::Request;
pub use axum::response::Response;
#[cfg(feature = "openapi")]
pub use serde_json::json;
pub use std::option::Option::{self, None, Some};
pub use std::result::Result::{Err, Ok};
pub use std::sync::Arc;
pub use std::vec::Vec;

use std::pin::Pin;
use std::time::Duration;

/// The argument of a handler. What is not there has no revision.
#[must_use]
pub fn revision(revision: Option<Stamp>) -> crate::Revision {
    revision.map_or(0, |stamp| stamp.revision).into()
}

// These are functions, since the compiler suggests imports for types whose path it cannot follow.

/// `Vec::from` under a name of its own: a module without the prelude lacks the trait.
pub fn vec<T, const N: usize>(items: [T; N]) -> Vec<T> {
    Vec::from(items)
}

/// `Box::pin`. Without a bound, so that what the future lacks to be an [`Extraction`](crate::http::Extraction) is reported
/// where this is called.
pub fn boxed<F>(extraction: F) -> Pin<Box<F>> {
    Box::pin(extraction)
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
