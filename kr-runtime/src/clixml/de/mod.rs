pub(crate) mod deserializer;
pub(crate) mod map;
pub(crate) mod members;
pub(crate) mod sequence;
pub(crate) mod value_builder;
pub(crate) mod variant;
pub(crate) mod view;
