//! Rust types, written and read again.

use std::collections::{BTreeMap, HashMap};

use kr_runtime::clixml;
use serde::{Deserialize, Serialize};

use crate::support::{document, round_trip};

fn elements<T: Serialize + ?Sized>(value: &T) -> String {
    let written = clixml::to_string(value).expect("it can be written");
    let lines = written.lines().skip(1).map(str::trim).collect::<String>();
    lines.trim_end_matches("</Objs>").to_owned()
}

#[test]
fn scalars_have_elements_of_their_own() {
    assert_eq!(elements(&1u8), "<By>1</By>");
    assert_eq!(elements(&-1i8), "<SB>-1</SB>");
    assert_eq!(elements(&1u16), "<U16>1</U16>");
    assert_eq!(elements(&-1i16), "<I16>-1</I16>");
    assert_eq!(elements(&1u32), "<U32>1</U32>");
    assert_eq!(elements(&-1i32), "<I32>-1</I32>");
    assert_eq!(elements(&u64::MAX), "<U64>18446744073709551615</U64>");
    assert_eq!(elements(&i64::MIN), "<I64>-9223372036854775808</I64>");
    assert_eq!(elements(&true), "<B>true</B>");
    assert_eq!(elements("a<b"), "<S>a&lt;b</S>");
    assert_eq!(elements(&'a'), "<C>97</C>");
    assert_eq!(elements(&'😀'), "<S>_xD83D__xDE00_</S>");
    assert_eq!(elements(&()), "<Nil />");
    assert_eq!(elements(&None::<i32>), "<Nil />");
    assert_eq!(elements(&Some(5)), "<I32>5</I32>");
}

#[test]
fn floats_are_written_as_dotnet_writes_them() {
    for (value, text) in [
        (0.0, "0"),
        (-0.0, "-0"),
        (1.0, "1"),
        (0.0001, "0.0001"),
        (0.00001, "1E-05"),
        (1e16, "10000000000000000"),
        (1e17, "1E+17"),
        (1.2345678901234568e17, "1.2345678901234568E+17"),
        (1.5e300, "1.5E+300"),
        (5e-324, "5E-324"),
        (f64::NAN, "NaN"),
        (f64::INFINITY, "INF"),
        (f64::NEG_INFINITY, "-INF"),
    ] {
        assert_eq!(elements(&value), format!("<Db>{text}</Db>"));
        let read = round_trip(&value);
        assert!(
            read == value && read.is_sign_negative() == value.is_sign_negative()
                || read.is_nan() && value.is_nan()
        );
    }
    assert_eq!(elements(&123_456_790f32), "<Sg>123456790</Sg>");
    assert_eq!(elements(&1e9f32), "<Sg>1E+09</Sg>");
    assert_eq!(round_trip(&f32::MIN_POSITIVE), f32::MIN_POSITIVE);
}

#[test]
fn integers_of_128_bits_are_refused_in_both_directions() {
    for error in [
        clixml::to_string(&1i128).expect_err("no element for it"),
        clixml::to_string(&1u128).expect_err("no element for it"),
        clixml::from_str::<i128>(&document("<I32>1</I32>")).expect_err("no element for it"),
        clixml::from_str::<u128>(&document("<I32>1</I32>")).expect_err("no element for it"),
    ] {
        assert!(
            error
                .to_string()
                .contains("CLIXML has no integer as wide as"),
            "{error}"
        );
    }
}

#[test]
fn a_hash_map_is_a_hashtable_and_any_other_map_is_ordered() {
    let hash = HashMap::from([("a", 1)]);
    assert!(
        elements(&hash).contains("<T>System.Collections.Hashtable</T>"),
        "{}",
        elements(&hash)
    );
    let tree = BTreeMap::from([("b", 2), ("a", 1)]);
    let written = elements(&tree);
    assert!(written.contains("<T>System.Collections.Specialized.OrderedDictionary</T>"));
    assert!(written.find("<S N=\"Key\">a</S>") < written.find("<S N=\"Key\">b</S>"));
    assert_eq!(
        round_trip(&BTreeMap::from([(1u8, "x".to_owned()), (2, String::new())])).len(),
        2
    );
    let keyed = HashMap::from([(-5i64, vec![1.5]), (7, vec![])]);
    assert_eq!(round_trip(&keyed), keyed);
    let json = serde_json::json!({"b": 1, "a": [true, null, "x"]});
    assert_eq!(round_trip(&json), json);
}

#[test]
fn a_null_key_is_refused() {
    let error =
        clixml::to_string(&BTreeMap::from([(None::<i32>, 1)])).expect_err("PowerShell refuses it");
    assert!(error.to_string().contains("cannot be null"), "{error}");
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Everything {
    tuple: (u8, String, bool),
    nested: Option<Box<Everything>>,
    unit: (),
    newtype: Meters,
    marker: Marker,
    pair: Pair,
    nothing: Vec<Vec<i32>>,
    character: char,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Meters(f64);
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Marker;
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Pair(i16, char);

fn everything(nested: Option<Box<Everything>>) -> Everything {
    Everything {
        tuple: (1, "two".into(), true),
        nested,
        unit: (),
        newtype: Meters(1.5),
        marker: Marker,
        pair: Pair(-3, 'ü'),
        nothing: vec![vec![], vec![1, 2], vec![3]],
        character: '\u{FFFF}',
    }
}

#[test]
fn structs_of_every_kind_round_trip() {
    let value = everything(Some(Box::new(everything(None))));
    assert_eq!(round_trip(&value), value);
}

#[test]
fn an_object_without_members_has_no_member_element() {
    #[derive(Serialize)]
    struct Empty {}
    let written = elements(&Empty {});
    assert!(written.ends_with("</TN></Obj>"), "{written}");
}

#[test]
fn repeated_type_names_are_written_as_references() {
    let written = elements(&(vec![1], vec![2], everything(None)));
    assert_eq!(written.matches("<T>System.Object[]</T>").count(), 1);
    assert!(
        written.contains("<Obj RefId=\"2\"><TNRef RefId=\"0\" /><LST><I32>2</I32></LST></Obj>"),
        "{written}"
    );
}

#[test]
fn bytes_are_base64_as_bytes_and_numbers_as_a_list() {
    struct Bytes(Vec<u8>);
    impl Serialize for Bytes {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(&self.0)
        }
    }
    assert_eq!(elements(&Bytes(vec![0, 1, 2])), "<BA>AAEC</BA>");
    assert_eq!(elements(&Bytes(vec![])), "<BA />");
    let read: Vec<u8> = clixml::from_str(&document("<BA>AAE=</BA>")).expect("a list of numbers");
    assert_eq!(read, [0, 1]);
}

#[test]
fn strings_are_borrowed_where_nothing_is_escaped() {
    let document = document("<S>plain</S>");
    let text: &str = clixml::from_str(&document).expect("it is read");
    assert_eq!(text, "plain");
}

#[test]
fn several_objects_are_a_list_and_none_is_null() {
    assert_eq!(
        clixml::from_str::<Vec<i32>>(&document("<I32>1</I32><I32>2</I32>")).expect("a list"),
        [1, 2]
    );
    assert_eq!(
        clixml::from_str::<Option<i32>>(&document("")).expect("null"),
        None
    );
    let nothing: Vec<i32> = clixml::from_str(&document("")).expect("nothing");
    assert!(nothing.is_empty());
}
