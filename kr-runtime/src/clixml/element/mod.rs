pub(crate) mod kind;
pub(crate) mod type_tag;
