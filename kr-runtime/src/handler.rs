//! What a handler may take and return: the traits that the compiler's messages name.
//!
//! You need not implement or call anything here. Every axum extractor is an argument, and everything that axum can respond
//! with is a result. For types of your own, implement axum's `FromRequestParts`, `FromRequest` and `IntoResponse`.

pub use crate::check::Cacheable;
pub use crate::http::{
    Capture, Captures, ExtensionOf, Extraction, FromBody, FromBodyOf, FromParts, FromPartsOf,
    Handler, InOrder, IntoErrorResponse, IntoHandlerResponse, IntoJsonResponse, Route,
    WrappedFromBody, WrappedFromParts, WriteOutput, assert_in_order, capture, captures, extension,
    from_body, from_body_of, from_parts_of, single_capture, single_captures, single_extension,
    single_from_body, single_from_body_of, single_from_parts_of, single_wrapped_from_body,
    wrapped_from_parts,
};

pub use crate::transaction::{NotResult, NotUpdate, UpdateOutcome};

#[doc(hidden)]
pub use crate::{
    check::assert_cacheable,
    host::binding::{HasState, Keyed, Single},
    http::{Misplaced, add_key, read_async, read_blocking, write, write_async, write_blocking},
    state::{IsStored, Storable, StoredState, Wrap},
    transaction::{Arguments, HandlerOutput},
};
