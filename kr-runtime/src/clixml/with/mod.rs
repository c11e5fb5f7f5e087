pub mod bytes;
mod field_module;
pub(crate) mod scalar;
mod tagged;
pub(crate) mod text;
pub(crate) mod time;
