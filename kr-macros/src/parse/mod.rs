//! What the user wrote: the arguments of each attribute, the path of a route, the fields of a host, the kinds of handler
//! arguments.
//!
//! Uses `syntax`. Reports what is wrong with one part by itself. Knows neither whether the parts fit together nor what is
//! generated from them.

pub(crate) mod crate_argument;
pub(crate) mod duration;
mod foreign_state;
pub(crate) mod handler_argument;
pub(crate) mod host_field;
pub(crate) mod key;
pub(crate) mod key_template;
pub(crate) mod locked;
pub(crate) mod path_segment;
pub(crate) mod route;
pub(crate) mod route_path;
pub(crate) mod route_tags;
pub(crate) mod secret;
pub(crate) mod shared_state;
