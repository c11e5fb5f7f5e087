//! What handlers say of their requests and responses by their signatures, as data.
//!
//! Generated code fills a [`Description`] in. What it knows of a type comes from [probes](described), which ask for no trait.
//! How that becomes a document is the business of the room `openapi`.

mod described;
mod operation;
mod own;
mod requests;
mod responses;
mod schemas;
mod type_schema;

pub use described::{Described, NoRequest, NoResponse, NoSchema};
pub(crate) use operation::{Content, Response, Status};
pub use operation::{Description, Place, Property};
pub use own::{DescribeRequest, DescribeResponse, RequestParts, Responses};
pub use type_schema::TypeSchema;
