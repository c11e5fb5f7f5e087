pub(crate) mod json;
pub(crate) mod value_de;
pub(crate) mod value_ser;
