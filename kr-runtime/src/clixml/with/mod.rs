pub mod bytes;
pub(crate) mod fields;
pub(crate) mod tagged;
