pub(crate) mod primitive;
pub(crate) mod type_tag;
