mod json;
mod value_de;
mod value_ser;
