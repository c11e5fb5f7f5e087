//! What a store keeps of a commit: a row for each lock, with the values of its states as JSON.

mod codec;
mod json_check;
mod json_key;
mod not_storable;
mod row;
mod schema;

pub(crate) use codec::Codec;
pub(crate) use codec::Upgrade;
#[cfg(feature = "operations")]
pub(crate) use codec::check_json;
pub use codec::{Storage, upgraded};
pub(crate) use row::OtherState;
pub use row::RowAddress;
pub(crate) use schema::{ReadRow, Schema, Unwritable};
