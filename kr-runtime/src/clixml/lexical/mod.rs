//! The rules for text: XML's grammar, the escapes, and the valid forms of each primitive.
//!
//! It may use `base`. Each file knows one form and turns text into numbers, bytes or text, and back. It never knows
//! elements, documents or Rust types of users.

pub(crate) mod binary;
mod calendar;
pub(crate) mod date_time;
pub(crate) mod decode;
pub(crate) mod duration;
pub(crate) mod encode;
pub(crate) mod encoding;
pub(crate) mod guid;
pub(crate) mod ignore_case;
pub(crate) mod invalid;
pub(crate) mod number;
pub(crate) mod secure_string;
pub(crate) mod uri;
pub(crate) mod version;
pub(crate) mod wtf8;
pub(crate) mod xml;
pub(crate) mod xml_document;
