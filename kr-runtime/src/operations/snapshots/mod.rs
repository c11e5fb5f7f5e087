//! Snapshots of the whole application: taken, compared, and put back after a look at what that would change.
//!
//! They have secrets in them, so they need the full token. What is shown of them has none.

mod comparison;
mod document;
mod form;
mod pending;
mod work;

pub(super) use comparison::Comparison;
pub(super) use document::Document;
pub(super) use form::Form;
pub(super) use pending::{Pending, PendingRestore};
pub(super) use work::{Prepared, compare, document, prepare, restore, snapshot};
