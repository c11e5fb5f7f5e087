//! A dynamic value in other formats: how serde and JSON see it.
//!
//! It may use `ser`, `de` and what is below, for the two channels through which a value passes CLIXML unchanged. It
//! never knows whole documents.

mod json;
mod value_de;
mod value_ser;
