pub(crate) mod value_writer;
pub(crate) mod writer;
