//! A request to its response.
//!
//! [`dispatch`] finds the handler, [`extract`] and [`extraction`] take its arguments out of the request, [`resolve`] finds its states and
//! locks, and [`pipeline`] runs it in the one order that every handler has; [`problem`] is what goes wrong, as clients see
//! it. What happens to state is the business of `transaction`.
//!
//! Uses every room below. Never knows an application or a socket.

mod blocking;
mod body_meter;
mod bound_handler;
mod cached_response;
mod call_target;
mod described_macro;
#[cfg(feature = "openapi")]
mod description;
mod dispatch;
mod entity_tag;
mod extract;
mod extract_large;
mod extraction;
mod extractor_probe;
mod fallbacks;
mod host_header;
mod idempotent;
mod if_none_match;
mod live;
mod mounted_handler;
mod not_modified;
mod observation;
mod outcome;
mod outer_body_limit;
mod pipeline;
mod precondition;
mod problem;
mod read_cached;
mod read_etag;
mod recorder;
mod refusal;
mod rejection;
mod request_policy;
mod resolve;
mod respond;
mod responding;
mod response_future;
mod route;
#[cfg(feature = "operations")]
mod route_metrics;
mod router_layer;
mod same_site;
mod serde_message;
mod shorten;
mod spawn;
mod stop_token;
mod with_state;
mod worker_watch;
mod write_call;
mod write_etag;
mod write_mode;

pub(crate) use body_meter::{BodyBudget, BodyFailure, BodyMeter};
pub use bound_handler::{BoundHandler, ResolvedCall};
pub(crate) use cached_response::CachedResponse;
pub(crate) use call_target::CallTarget;
#[cfg(feature = "openapi")]
pub(crate) use description::{Content, Response as DescribedResponse, Status};
#[cfg(feature = "openapi")]
pub use description::{
    DescribeRequest, DescribeResponse, Described, Description, NoRequest, NoResponse, NoSchema,
    Place, Property, RequestParts, Responses, TypeSchema,
};
pub(crate) use dispatch::{DirectRoutes, DispatchFuture, Dispatcher, RoutedBy};
pub(crate) use entity_tag::EntityTags;
pub use extract::{
    Capture, Captures, ExtensionOf, FromBody, FromBodyOf, FromParts, FromPartsOf, InOrder,
    Misplaced, WrappedFromBody, WrappedFromParts, assert_in_order,
};
pub use extraction::{
    Extraction, capture, captures, extension, from_body, from_body_of, from_parts_of, nothing,
    single_capture, single_captures, single_extension, single_from_body, single_from_body_of,
    single_from_parts_of, single_wrapped_from_body, wrapped_from_parts,
};
pub use extractor_probe::{
    ExtractorProbe, NotExtracted, NotFromBody, NotFromParts, NotResult, NotSync,
};
pub(crate) use fallbacks::{method_not_allowed, not_found};
#[cfg(feature = "operations")]
pub(crate) use host_header::host as host_of;
pub(crate) use host_header::{AllowedHosts, is_valid as is_host_valid};
pub(crate) use idempotent::IdempotentCalls;
pub use idempotent::{Idempotency, Once};
pub(crate) use live::Feeds;
pub use live::{live, live_cached};
pub(crate) use mounted_handler::{AppContext, BodyLimit, MountedHandler, SetState};
#[cfg(feature = "operations")]
pub(crate) use outcome::Outcome;
pub use pipeline::{read, read_async, read_blocking, write, write_async, write_blocking};
pub use problem::Problem;
pub use read_cached::{read_cached, read_cached_blocking};
pub use read_etag::read_etag;
pub(crate) use request_policy::{RequestPolicy, is_safe};
pub use resolve::{CallKeys, add_key, resolve_fixed, resolve_keyed};
pub use respond::{IntoErrorResponse, IntoHandlerResponse, IntoJsonResponse, WriteOutput};
pub use response_future::ResponseFuture;
pub(crate) use route::method_filter;
pub use route::{
    Handler, HandlerProbe, NotRoute, Route, RouteEntry, Routes, collect_routes, placeholder,
};
#[cfg(feature = "operations")]
pub(crate) use route_metrics::{MeasuredRequest, RouteMetrics};
pub(crate) use router_layer::RouterLayer;
#[cfg(feature = "operations")]
pub(crate) use same_site::has_own_origin;
pub use spawn::spawn;
pub use stop_token::StopToken;
pub(crate) use with_state::AppState;
pub use with_state::WithState;
pub(crate) use worker_watch::WorkerWatch;
pub use write_etag::Tagged;
pub use write_mode::Plain;
