//! What a handler may take and return: the traits that the compiler's messages name.
//!
//! Nothing here needs to be implemented or called. What axum extracts is an argument, and what axum answers with is a
//! result, so implement axum's `FromRequestParts`, `FromRequest` and `IntoResponse` for types of your own.

pub use crate::http::cached_response::Settled;
pub use crate::http::extract::{
    Capture, Captures, Part, PartOf, Taking, Whole, WholeOf, capture, captures, only_capture,
    only_captures, only_part_of, only_whole, only_whole_of, part, part_of, whole, whole_of,
};
pub use crate::http::respond::{Answer, Fail, Respond};
pub use crate::http::route::{Handler, Route};

#[doc(hidden)]
pub use crate::{
    host::binding::{Alone, By, Holds},
    http::bound_handler::key,
    http::cached_response::settled,
    http::pipeline::{Ran, read_async, write_async},
    transaction::active::States,
};
