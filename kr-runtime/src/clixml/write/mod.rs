pub(crate) mod name;
pub(crate) mod type_list;
pub(crate) mod value_writer;
pub(crate) mod writer;
