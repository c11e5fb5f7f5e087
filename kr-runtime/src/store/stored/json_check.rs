//! Finds what JSON would write without an error and not read back as it was.
//!
//! JSON has no form for NaN, so `serde_json` writes `null` for it, and `Some(f64::NAN)` comes back as `None`. The same goes
//! for `Some(())` and `Some(None)`. A value that is nested more than 127 deep is written and cannot be read.

use super::json_key::JsonKey;
use super::not_storable::{NotStorable, check_float};
use serde::Serialize;
use serde::ser::{self, Error as _, Serializer};

/// What `serde_json` reads, less one for good measure.
const MAX_DEPTH: u32 = 127;

/// Checks a value.
pub(super) fn check<T: Serialize + ?Sized>(value: &T) -> Result<(), NotStorable> {
    value.serialize(Check { depth: 0 }).map(drop)
}

/// What JSON writes for a value.
#[derive(PartialEq)]
enum Form {
    Null,
    Other,
}

type Checked = Result<Form, NotStorable>;

#[derive(Clone, Copy)]
struct Check {
    depth: u32,
}

impl Check {
    fn inside(self) -> Result<Self, NotStorable> {
        match self.depth < MAX_DEPTH {
            true => Ok(Self {
                depth: self.depth + 1,
            }),
            false => Err(NotStorable::custom(format_args!(
                "it is nested more than {MAX_DEPTH} deep, which could not be read again"
            ))),
        }
    }
}

fn float(is_finite: bool) -> Checked {
    check_float(is_finite).map(|()| Form::Other)
}

macro_rules! plain {
    ($ok:expr; $($method:ident($($ty:ty),*))*) => {
        $(
            fn $method(self $(, _: $ty)*) -> Result<Self::Ok, Self::Error> {
                Ok($ok)
            }
        )*
    };
}

impl Serializer for Check {
    type Ok = Form;
    type Error = NotStorable;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Items;
    type SerializeStruct = Items;
    type SerializeStructVariant = Items;

    plain! {Form::Other;
        serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_i128(i128) serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
        serialize_u128(u128) serialize_char(char) serialize_str(&str) serialize_bytes(&[u8])
        serialize_unit_variant(&'static str, u32, &'static str)
    }
    plain! {Form::Null; serialize_none() serialize_unit() serialize_unit_struct(&'static str)}

    fn serialize_f32(self, number: f32) -> Checked {
        float(number.is_finite())
    }

    fn serialize_f64(self, number: f64) -> Checked {
        float(number.is_finite())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Checked {
        match value.serialize(self)? {
            Form::Null => Err(NotStorable::custom(
                "`Some` of something that JSON writes as `null` would read back as `None`",
            )),
            Form::Other => Ok(Form::Other),
        }
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Checked {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Checked {
        let checked = value.serialize(self.inside()?);
        checked.map_err(|error| error.at(format!(".{variant}")))?;
        Ok(Form::Other)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, NotStorable> {
        Items::inside(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Items, NotStorable> {
        Items::inside(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items, NotStorable> {
        Items::inside(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Items, NotStorable> {
        Items::inside(self.inside()?)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Items, NotStorable> {
        Items::inside(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Items, NotStorable> {
        Items::inside(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Items, NotStorable> {
        Items::inside(self.inside()?)
    }
}

/// The parts of a sequence, a map or a struct.
struct Items {
    check: Check,
    index: usize,
    key: Option<String>,
}

impl Items {
    fn inside(check: Check) -> Result<Self, NotStorable> {
        Ok(Self {
            check: check.inside()?,
            index: 0,
            key: None,
        })
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotStorable> {
        let checked = value.serialize(self.check);
        checked.map_err(|error| error.at(format!("[{}]", self.index)))?;
        self.index += 1;
        Ok(())
    }

    fn member<T: Serialize + ?Sized>(&self, name: &str, value: &T) -> Result<(), NotStorable> {
        let checked = value.serialize(self.check);
        checked
            .map(drop)
            .map_err(|error| error.at(format!(".{name}")))
    }
}

macro_rules! items {
    ($($kind:ident $method:ident)*) => {
        $(
            impl ser::$kind for Items {
                type Ok = Form;
                type Error = NotStorable;

                fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotStorable> {
                    self.item(value)
                }

                fn end(self) -> Checked {
                    Ok(Form::Other)
                }
            }
        )*
    };
}

items! {
    SerializeSeq serialize_element
    SerializeTuple serialize_element
    SerializeTupleStruct serialize_field
    SerializeTupleVariant serialize_field
}

macro_rules! members {
    ($($kind:ident)*) => {
        $(
            impl ser::$kind for Items {
                type Ok = Form;
                type Error = NotStorable;

                fn serialize_field<T: Serialize + ?Sized>(
                    &mut self,
                    name: &'static str,
                    value: &T,
                ) -> Result<(), NotStorable> {
                    self.member(name, value)
                }

                fn end(self) -> Checked {
                    Ok(Form::Other)
                }
            }
        )*
    };
}

members!(SerializeStruct SerializeStructVariant);

impl ser::SerializeMap for Items {
    type Ok = Form;
    type Error = NotStorable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NotStorable> {
        self.key = Some(key.serialize(JsonKey)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotStorable> {
        let key = self.key.take().unwrap_or_default();
        self.member(&key, value)
    }

    fn end(self) -> Checked {
        Ok(Form::Other)
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use std::collections::BTreeMap;

    #[derive(serde::Serialize)]
    struct Sample {
        rates: Vec<Rate>,
    }

    #[derive(serde::Serialize)]
    struct Rate {
        value: Option<f64>,
    }

    fn error(value: &impl serde::Serialize) -> String {
        check(value).unwrap_err().to_string()
    }

    #[test]
    fn a_number_that_is_none_is_refused_with_its_path() {
        let rate = |value| Rate { value };
        let sample = Sample {
            rates: vec![rate(None), rate(Some(1.5)), rate(Some(f64::NAN))],
        };
        let error = error(&sample);
        assert!(error.ends_with("at `rates[2].value`"), "{error}");
        assert!(check(&[1.5_f32, -0.0]).is_ok());
        assert!(check(&f32::INFINITY).is_err());
    }

    #[test]
    fn some_of_nothing_is_refused() {
        assert!(check(&Some(())).is_err());
        assert!(check(&Some(None::<u8>)).is_err());
        assert!(check(&(None::<u8>, (), Some(Some(1)))).is_ok());
    }

    #[test]
    fn keys_without_a_text_are_refused() {
        assert!(check(&BTreeMap::from([(1, "a")])).is_ok());
        assert!(check(&BTreeMap::from([('a', ())])).is_ok());
        assert!(check(&BTreeMap::from([((1, 2), "a")])).is_err());
        assert!(check(&BTreeMap::from([(Some(1), "a")])).is_err());
        let nested = BTreeMap::from([("x", BTreeMap::from([(7, f64::NAN)]))]);
        assert!(error(&nested).ends_with("at `x.7`"));
    }

    #[test]
    fn what_is_too_deep_to_read_is_refused() {
        #[derive(serde::Serialize)]
        struct Chain(Option<Box<Chain>>, u8);
        let chain =
            |length| (0..length).fold(Chain(None, 0), |inner, _| Chain(Some(Box::new(inner)), 0));
        assert!(check(&chain(126)).is_ok());
        assert!(error(&chain(127)).contains("127 deep"));
    }
}
