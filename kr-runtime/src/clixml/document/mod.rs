mod json;
pub(crate) mod objects;
mod single;
pub(crate) mod tree;
pub(crate) mod whole;
