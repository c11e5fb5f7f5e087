//! Lists and objects.

use super::escape;
use super::write::Writer;
use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use serde_json::Error;

type Result<T> = std::result::Result<T, Error>;

/// A list or an object that has been begun.
pub(super) struct Compound<'o> {
    out: &'o mut Vec<u8>,
    kind: Kind,
    /// Whether something stands in it already.
    begun: bool,
    end: &'static [u8],
}

/// What a compound is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Kind {
    List,
    Object,
    /// A struct that stands for its only member, a text that is JSON already.
    Raw,
}

impl<'o> Compound<'o> {
    pub(super) fn new(out: &'o mut Vec<u8>, kind: Kind, end: &'static [u8]) -> Self {
        Self {
            out,
            kind,
            begun: false,
            end,
        }
    }

    fn comma(&mut self) {
        if self.begun {
            self.out.push(b',');
        }
        self.begun = true;
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.comma();
        value.serialize(Writer(self.out))
    }

    fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        if self.kind == Kind::Raw {
            return self.raw(value);
        }
        self.comma();
        escape::push(self.out, name);
        self.out.push(b':');
        value.serialize(Writer(self.out))
    }

    #[cold]
    fn raw<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        let text = serde_json::to_value(value)?;
        self.out
            .extend_from_slice(text.as_str().unwrap_or_default().as_bytes());
        Ok(())
    }

    fn finish(self) {
        self.out.extend_from_slice(self.end);
    }
}

macro_rules! lists {
    ($($trait:ident::$method:ident)*) => {
        $(impl $trait for Compound<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
                self.element(value)
            }

            fn end(self) -> Result<()> {
                self.finish();
                Ok(())
            }
        })*
    };
}

lists! {
    SerializeSeq::serialize_element
    SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field
    SerializeTupleVariant::serialize_field
}

macro_rules! objects {
    ($($trait:ident)*) => {
        $(impl $trait for Compound<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<()> {
                self.member(name, value)
            }

            fn end(self) -> Result<()> {
                self.finish();
                Ok(())
            }
        })*
    };
}

objects!(SerializeStruct SerializeStructVariant);

impl SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = Error;

    /// `serde_json` knows which keys there are, and writes them behind a brace, whose place the comma takes.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<()> {
        let brace = if self.begun {
            self.out.len()
        } else {
            self.out.pop();
            self.out.len()
        };
        let mut json = serde_json::Serializer::new(&mut *self.out);
        json.serialize_map(None)?.serialize_key(key)?;
        self.out[brace] = if self.begun { b',' } else { b'{' };
        self.begun = true;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        self.out.push(b':');
        value.serialize(Writer(self.out))
    }

    fn end(self) -> Result<()> {
        self.finish();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::write::to_vec;
    use serde::Serialize;
    use std::collections::BTreeMap;

    #[derive(Serialize)]
    struct Unit;

    #[derive(Serialize)]
    struct Newtype(u8);

    #[derive(Serialize)]
    struct Pair(u8, &'static str);

    #[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
    enum Name {
        Plain,
    }

    #[derive(Serialize)]
    enum Shape {
        Unit,
        Newtype(f64),
        Tuple(u8, char),
        Struct { width: i64, height: Option<f32> },
    }

    #[derive(Serialize)]
    struct Everything {
        #[serde(rename = "a \"name\"\n")]
        named: bool,
        integers: (i8, i16, i32, i64, u8, u16, u32, u64),
        wide: (i128, u128),
        floats: [f64; 6],
        small: f32,
        texts: Vec<String>,
        character: char,
        nothing: (),
        unit: Unit,
        newtype: Newtype,
        pair: Pair,
        absent: Option<u8>,
        present: Option<&'static str>,
        shapes: Vec<Shape>,
        empty: Vec<u8>,
        none: BTreeMap<String, u8>,
        by_name: BTreeMap<String, Vec<u8>>,
        by_number: BTreeMap<i64, u8>,
        by_flag: BTreeMap<bool, u8>,
        by_variant: BTreeMap<Name, u8>,
        #[serde(flatten)]
        more: BTreeMap<String, serde_json::Value>,
    }

    fn everything() -> Everything {
        Everything {
            named: true,
            integers: (
                i8::MIN,
                i16::MIN,
                i32::MIN,
                i64::MIN,
                u8::MAX,
                u16::MAX,
                u32::MAX,
                u64::MAX,
            ),
            wide: (i128::MIN, u128::MAX),
            floats: [0.1, -0.0, 1e300, 5e-324, f64::NAN, f64::NEG_INFINITY],
            small: 0.1,
            texts: vec![String::new(), "plain".into(), "\"\\\u{1}größer 😀".into()],
            character: '"',
            nothing: (),
            unit: Unit,
            newtype: Newtype(1),
            pair: Pair(1, "two"),
            absent: None,
            present: Some("here"),
            shapes: vec![
                Shape::Unit,
                Shape::Newtype(1.0),
                Shape::Tuple(1, 'x'),
                Shape::Struct {
                    width: -1,
                    height: Some(2.5),
                },
            ],
            empty: vec![],
            none: BTreeMap::new(),
            by_name: [("a\"b".into(), vec![1, 2]), ("c".into(), vec![])].into(),
            by_number: [(-1, 1), (2, 2)].into(),
            by_flag: [(false, 0), (true, 1)].into(),
            by_variant: [(Name::Plain, 1)].into(),
            more: [("x".into(), serde_json::json!({ "y": [null, 1.5, {}] }))].into(),
        }
    }

    #[test]
    fn every_kind_of_value_has_the_bytes_of_serde_json() {
        let expected = serde_json::to_string(&everything()).ok();
        let written = to_vec(&everything()).ok();
        assert_eq!(
            written.and_then(|text| String::from_utf8(text).ok()),
            expected
        );
    }

    #[test]
    fn what_cannot_be_a_key_is_refused_with_the_words_of_serde_json() {
        let bad: BTreeMap<Vec<u8>, u8> = [(vec![1], 1)].into();
        let expected = serde_json::to_vec(&bad).map_err(|error| error.to_string());
        let refused = to_vec(&bad).map_err(|error| error.to_string());
        assert_eq!(refused, expected);
        assert!(refused.is_err());
    }

    #[test]
    fn a_type_that_says_its_text_is_json_is_written_as_it_is() {
        // As serde_json's raw values and its numbers of any precision do it, whose features may be on.
        struct Raw;
        impl Serialize for Raw {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct;
                let name = "$serde_json::private::RawValue";
                let mut raw = serializer.serialize_struct(name, 1)?;
                raw.serialize_field(name, "{ \"a\" : 1 }")?;
                raw.end()
            }
        }
        let written = to_vec(&[Raw, Raw]).ok();
        let expected = br#"[{ "a" : 1 },{ "a" : 1 }]"#;
        assert_eq!(written.as_deref(), Some(&expected[..]));
    }
}
