pub(crate) mod compound;
pub(crate) mod leaf_text;
pub(crate) mod serializer;
pub(crate) mod slot;
pub(crate) mod value_channel;
