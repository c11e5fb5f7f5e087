//! The API of an application as an OpenAPI 3.1 document, and a page to try it.
//!
//! [`document`] is made once, when the application is built, from what each handler says of itself. [`schemas`] collects what
//! types consist of, and [`names`] gives them names that depend on no order. [`page`] serves both.
//!
//! Uses `http` and the rooms below it. Never knows an application or a socket.

mod api;
mod document;
mod missing;
mod names;
mod operation;
mod page;
mod parameters;
mod query;
mod references;
mod responses;
mod schemas;
mod settings;
mod statuses;
mod text;

pub(crate) use api::{Api, DescribedRoute};
pub(crate) use document::document;
pub(crate) use page::router;
pub use settings::OpenApi;
