//! Behind serde's buffers (`flatten`, internally tagged and untagged enums) every element keeps its kind.

use std::collections::BTreeMap;

use kr_runtime::clixml::{self, Object, SecureString, Text, Value};
use serde::{Deserialize, Serialize};

use crate::support::{document, object, round_trip};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Rest {
    name: String,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Internal {
    Struct { value: Value, more: Vec<Value> },
    Secret { password: SecureString },
    Text { text: Text },
    Object(Value),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Known { visits: i32, notes: Vec<String> },
    Other(Value),
}

const MEMBERS: &str = r#"
    <DT N="date">2024-05-01T12:34:56Z</DT>
    <S N="text">2024-05-01T12:34:56Z</S>
    <G N="guid">6b29fc40-ca47-1067-b31d-00dd010662da</G>
    <TS N="span">PT1H</TS>
    <D N="decimal">1.10</D>
    <Version N="version">1.2.3</Version>
    <URI N="uri">https://example.com/?a&amp;b</URI>
    <XD N="xml">&lt;a /&gt;</XD>
    <SBK N="script">Get-Date_x000A_</SBK>
    <BA N="bytes">AAEC</BA>
    <SS N="secret">70006100</SS>
    <C N="char">97</C>
    <C N="half">55357</C>
    <S N="halves">a_xD83D_</S>
    <I64 N="long">5</I64>
    <I32 N="int">5</I32>
    <Sg N="single">0.1</Sg>
    <Db N="double">NaN</Db>
    <Nil N="nothing" />
    <S N="a_xD83D_">odd</S>
    <PR N="progress"><AV>a</AV><AI>1</AI><Nil /><PI>-1</PI><PC>5</PC><T>Processing</T><SR>-1</SR><SD>s</SD></PR>
    <Obj N="table" RefId="1"><TN RefId="1"><T>System.Collections.Hashtable</T><T>System.Object</T></TN><DCT><En><S N="Key">a</S><I32 N="Value">1</I32></En></DCT></Obj>
    <Obj N="numbers" RefId="2"><TN RefId="2"><T>System.Int32[]</T><T>System.Object</T></TN><LST><I32>1</I32><I32>2</I32></LST></Obj>
    <Obj N="queue" RefId="3"><QUE><S>x</S></QUE></Obj>
    <Obj N="line" RefId="4"><S>text</S><MS><I32 N="ReadCount">1</I32></MS></Obj>
    <Obj N="day" RefId="5"><TN RefId="3"><T>System.DayOfWeek</T></TN><ToString>Friday</ToString><I32>5</I32></Obj>"#;

#[test]
fn flattened_values_keep_their_kinds() {
    let text = object(MEMBERS);
    let direct: BTreeMap<Text, Value> = clixml::from_str(&text).expect("it is read");

    #[derive(Deserialize)]
    struct All {
        #[serde(flatten)]
        rest: BTreeMap<Text, Value>,
    }
    let all: All = clixml::from_str(&text).expect("it is read");
    assert_eq!(format!("{:?}", all.rest), format!("{direct:?}"));
}

#[test]
fn a_flattened_map_is_written_and_read_back() {
    let mut rest: BTreeMap<String, Value> =
        clixml::from_str(&object(&MEMBERS.replace(r#"<S N="a_xD83D_">odd</S>"#, "")))
            .expect("it is read");
    rest.remove("double");
    let value = Rest {
        name: "n".into(),
        rest,
    };
    assert_eq!(round_trip(&value), value);
}

#[test]
fn tagged_values_keep_their_kinds() {
    let inner: Value =
        clixml::from_str(&object(&MEMBERS.replace("NaN", "0.5"))).expect("it is read");
    let list: Value = clixml::from_str(&document(
        r#"<Obj RefId="0"><LST><DT>2024-05-01T12:34:56Z</DT><By>1</By></LST></Obj>"#,
    ))
    .expect("it is read");
    for value in [
        Internal::Struct {
            value: inner.clone(),
            more: vec![list.clone(), inner.clone(), Value::Nil],
        },
        Internal::Secret {
            password: "70006100".parse().unwrap(),
        },
        Internal::Text {
            text: Text::from_utf16(&[0x61, 0xD83D]),
        },
        Internal::Object(Object::custom([("a", list), ("b", Value::I64(1))]).into()),
    ] {
        assert_eq!(round_trip(&value), value);
    }
    let refused = Internal::Object(Object::ordered([("a".into(), 1.into())]).into());
    let error = clixml::to_string(&refused).unwrap_err();
    assert!(error.to_string().contains("[pscustomobject]"), "{error}");
}

#[test]
fn untagged_values_keep_their_kinds() {
    for element in [
        "<DT>2024-05-01T12:34:56Z</DT>",
        "<SS>70006100</SS>",
        "<I64>5</I64>",
        r#"<Obj RefId="0"><I32>5</I32><MS><S N="a">x</S></MS></Obj>"#,
        r#"<Obj RefId="0"><TN RefId="0"><T>System.Collections.ArrayList</T></TN><LST /></Obj>"#,
        r#"<Obj RefId="0"><MS><I32 N="visits">5</I32></MS></Obj>"#,
    ] {
        let text = document(element);
        let direct: Value = clixml::from_str(&text).expect("it is read");
        let buffered: Untagged = clixml::from_str(&text).expect("it is read");
        assert_eq!(buffered, Untagged::Other(direct));
        assert_eq!(round_trip(&buffered), buffered);
    }
}

#[test]
fn values_that_cannot_be_told_apart_are_refused() {
    let text = object(
        r#"<S N="name">n</S>
        <Obj N="a" RefId="1"><TN RefId="0"><T>System.Object[]</T></TN><LST /></Obj>
        <Obj N="b" RefId="2"><TN RefId="1"><T>System.Collections.ArrayList</T></TN><LST /></Obj>"#,
    );
    let error = clixml::from_str::<Rest>(&text).unwrap_err();
    assert!(error.to_string().contains("different types"), "{error}");
}

#[test]
fn an_unknown_secret_is_ignored_by_a_flattened_type() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        a: i32,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Outer {
        #[serde(flatten)]
        inner: Inner,
    }
    let more = r#"<SS N="x">7000</SS><C N="y">55357</C><S N="z">_xD83D_</S><S N="_xD83D_">z</S>
        <PR N="p"><AV>a</AV><AI>1</AI><Nil /><PI>-1</PI><PC>5</PC><T>Processing</T><SR>-1</SR><SD>s</SD></PR>"#;
    let read: Outer = clixml::from_str(&object(&format!(r#"<I32 N="a">1</I32>{more}"#))).unwrap();
    assert_eq!(read.inner.a, 1);
}

#[test]
fn a_secret_is_never_read_as_text() {
    #[derive(Debug, Deserialize)]
    struct Newtype(#[allow(dead_code)] String);
    #[derive(Debug, Deserialize)]
    struct Outer<T> {
        #[serde(flatten)]
        #[allow(dead_code)]
        inner: BTreeMap<String, T>,
    }
    #[derive(Debug, Deserialize)]
    struct Wrapper<T>(#[allow(dead_code)] BTreeMap<String, T>);
    let text = object(r#"<SS N="x">7000</SS>"#);
    for error in [
        clixml::from_str::<Outer<Wrapper<String>>>(&text).unwrap_err(),
        clixml::from_str::<Outer<Wrapper<Newtype>>>(&text).unwrap_err(),
        clixml::from_str::<Outer<Wrapper<i32>>>(&text).unwrap_err(),
        clixml::from_str::<Outer<Wrapper<Value>>>(&text).unwrap_err(),
    ] {
        assert!(!error.to_string().contains("7000"), "{error}");
    }
    assert!(clixml::from_str::<Outer<String>>(&text).is_err());
    assert!(clixml::from_str::<Outer<Newtype>>(&text).is_err());
    assert!(clixml::from_str::<Outer<Vec<String>>>(&text).is_err());
    assert!(clixml::from_str::<Outer<BTreeMap<String, String>>>(&text).is_err());
    assert!(clixml::from_str::<Outer<SecureString>>(&text).is_ok());
}

#[test]
fn names_are_compared_without_case_behind_buffers() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        visits: i32,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Outer {
        name: String,
        #[serde(flatten)]
        inner: Inner,
        #[serde(flatten)]
        rest: BTreeMap<String, Value>,
    }
    let members =
        r#"<S N="NAME">n</S><I32 N="Visits">1</I32><DT N="Other">2024-05-01T12:34:56Z</DT>"#;
    let outer: Outer = clixml::from_str(&object(members)).expect("it is read");
    assert_eq!((&*outer.name, outer.inner.visits), ("n", 1));
    assert!(matches!(outer.rest["Other"], Value::DateTime(_)));

    let tagged: Internal = clixml::from_str(&object(
        r#"<S N="Kind">Secret</S><SS N="Password">7000</SS>"#,
    ))
    .expect("it is read");
    assert!(matches!(tagged, Internal::Secret { .. }));

    let known: Untagged = clixml::from_str(&object(
        r#"<I32 N="VISITS">1</I32><Obj N="NOTES" RefId="1"><LST><S>a</S></LST></Obj>"#,
    ))
    .expect("it is read");
    assert_eq!(
        known,
        Untagged::Known {
            visits: 1,
            notes: vec!["a".into()]
        }
    );

    let table: Untagged = clixml::from_str(&document(
        r#"<Obj RefId="0"><DCT><En><S N="Key">VISITS</S><I32 N="Value">1</I32></En><En><S N="Key">notes</S><Obj N="Value" RefId="1"><LST /></Obj></En></DCT></Obj>"#,
    ))
    .expect("it is read");
    assert_eq!(
        table,
        Untagged::Known {
            visits: 1,
            notes: vec![]
        }
    );
}

#[test]
fn a_key_of_the_type_around_is_refused_when_written() {
    let value = Rest {
        name: "n".into(),
        rest: BTreeMap::from([("name".to_owned(), Value::I32(1))]),
    };
    let error = clixml::to_string(&value).unwrap_err();
    assert!(error.to_string().contains("same key"), "{error}");
}

#[test]
fn a_decimal_is_read_from_any_number() {
    #[derive(Debug, Deserialize)]
    struct Price {
        #[serde(with = "clixml::decimal")]
        price: clixml::Decimal,
    }
    #[derive(Debug, Deserialize)]
    struct Outer {
        #[serde(flatten)]
        price: Price,
    }
    for (element, price) in [
        (r#"<I32 N="price">5</I32>"#, "5"),
        (r#"<By N="price"> 5 </By>"#, "5"),
        (
            r#"<U64 N="price">18446744073709551615</U64>"#,
            "18446744073709551615",
        ),
        (r#"<Db N="price">0.25</Db>"#, "0.25"),
        (r#"<Sg N="price">0.1</Sg>"#, "0.1"),
        (r#"<D N="price">1.10</D>"#, "1.10"),
    ] {
        let read: Price = clixml::from_str(&object(element)).expect("it is read");
        assert_eq!(read.price.to_string(), price);
        let read: Outer = clixml::from_str(&object(element)).expect("it is read");
        assert_eq!(read.price.price.to_string(), price);
    }
    assert!(clixml::from_str::<Price>(&object(r#"<Db N="price">NaN</Db>"#)).is_err());
    assert!(clixml::from_str::<Price>(&object(r#"<B N="price">true</B>"#)).is_err());
}

#[test]
fn text_holds_what_a_rust_string_cannot() {
    let half = Text::from_utf16(&[0x61, 0xD83D, 0x62]);
    assert!(
        clixml::to_string(&half)
            .unwrap()
            .contains("<S>a_xD83D_b</S>")
    );
    assert_eq!(round_trip(&half), half);
    assert_eq!(round_trip(&Text::from("plain 😀")), Text::from("plain 😀"));
    let map = BTreeMap::from([(half.clone(), 1)]);
    assert_eq!(round_trip(&map), map);
    let names: BTreeMap<Text, i32> =
        clixml::from_str(&object(r#"<I32 N="a_xD83D_b">1</I32>"#)).unwrap();
    assert_eq!(names, map);
    assert_eq!(serde_json::to_string(&Text::from("a")).unwrap(), r#""a""#);
    assert_eq!(serde_json::from_str::<Text>(r#""a""#).unwrap(), "a");
    assert!(serde_json::to_string(&half).is_err());
}

#[test]
fn a_single_text_is_a_list_of_one_behind_buffers() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Inner {
        notes: Vec<String>,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Outer {
        #[serde(flatten)]
        inner: Inner,
        #[serde(flatten)]
        rest: BTreeMap<String, Value>,
    }
    let text = object(r#"<S N="Notes">only one</S><DT N="at">2024-05-01T12:34:56Z</DT>"#);
    let outer: Outer = clixml::from_str(&text).expect("it is read");
    assert_eq!(outer.inner.notes, ["only one"]);
    let known: Untagged =
        clixml::from_str(&object(r#"<I32 N="visits">1</I32><S N="NOTES">one</S>"#))
            .expect("it is read");
    assert_eq!(
        known,
        Untagged::Known {
            visits: 1,
            notes: vec!["one".into()]
        }
    );
}

#[test]
fn an_error_behind_a_buffer_points_at_the_text_that_does_not_fit() {
    #[derive(Debug, Deserialize)]
    struct Inner {
        #[allow(dead_code)]
        count: i32,
    }
    #[derive(Debug, Deserialize)]
    struct Outer {
        #[serde(flatten)]
        #[allow(dead_code)]
        inner: Inner,
    }
    let text = object("\n<I32 N=\"a\">1</I32>\n  <S N=\"count\">five</S>");
    let error = clixml::from_str::<Outer>(&text).unwrap_err();
    assert_eq!((error.line(), error.column()), (3, 3), "{error}");
}
