//! The code that is generated, from parts that were parsed and checked.
//!
//! Uses `check`, `parse` and `syntax`. Reports nothing itself: where only types tell what is wrong, it generates constants
//! that the compiler evaluates, with the span to blame. After an error it generates placeholders, so that one mistake causes
//! one error. Generated code names the runtime `::kr_runtime`; `RuntimePath` replaces that at the end.

pub(crate) mod cacheable_checks;
pub(crate) mod description;
pub(crate) mod extraction;
pub(crate) mod extractor_checks;
pub(crate) mod handler;
pub(crate) mod handler_info;
pub(crate) mod host;
pub(crate) mod host_access;
mod host_checks;
pub(crate) mod in_place_checks;
pub(crate) mod key_resolver;
pub(crate) mod listed_checks;
pub(crate) mod lock_checks;
pub(crate) mod lock_key;
pub(crate) mod marker_type;
pub(crate) mod mutability_checks;
mod named_statuses;
pub(crate) mod optional_checks;
pub(crate) mod path_checks;
pub(crate) mod pipeline;
pub(crate) mod placeholder;
pub(crate) mod probes;
pub(crate) mod response;
mod revision_checks;
pub(crate) mod shared_state;
pub(crate) mod unparsable;
pub(crate) mod unparsable_handler;
