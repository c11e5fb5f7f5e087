//! Documents of unknown shape.

use kr_runtime::clixml::{
    self, Content, Document, ListKind, Object, ObjectId, ReadOptions, Text, Value, WriteOptions,
};
use serde::{Deserialize, Serialize};

use crate::support::{cases, document, object, state, written};

#[test]
fn members_are_found_without_regard_to_case() {
    let value: Value = clixml::from_str(&written("tutorial-state")).expect("it is read");
    assert_eq!(value.get("visitcount").and_then(Value::as_i64), Some(2));
    assert_eq!(
        value
            .get("NOTES")
            .and_then(Value::items)
            .map(<[Value]>::len),
        Some(1)
    );
    let table: Value = clixml::from_str(&written("tutorial-hashtable")).expect("it is read");
    assert_eq!(table.get("visitcount").and_then(Value::as_i64), Some(2));
}

#[test]
fn a_cyclic_value_can_be_dropped_and_written() {
    let text = written("object-cycle");
    let value: Value = clixml::from_str(&text).expect("it is read");
    let Value::Object(outer) = &value else {
        panic!("an object")
    };
    assert_eq!(value.get("Self"), outer.id.map(Value::Ref).as_ref());
    assert_eq!(clixml::to_string(&value).expect("it is written"), text);
    assert!(value.to_json().is_err(), "JSON has no cycles");
}

#[test]
fn a_constructed_value_may_share_objects() {
    let mut shared = Object::list([Value::from("same")]);
    shared.id = Some(ObjectId(42));
    let value = Value::from(Object::custom([
        ("A", shared.into()),
        ("B", ObjectId(42).into()),
    ]));
    assert_eq!(
        clixml::to_string(&value).expect("it is written"),
        written("object-shared-reference")
    );
    let dangling = Value::Ref(ObjectId(7));
    let error = clixml::to_string(&dangling).expect_err("nothing to mean");
    assert!(
        error.to_string().contains("does not stand before it"),
        "{error}"
    );
}

#[test]
fn a_struct_may_have_fields_of_dynamic_values() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Wrapped {
        count: i32,
        rest: Value,
        more: Vec<Value>,
        none: Option<Value>,
    }
    let value = Wrapped {
        count: 1,
        rest: clixml::from_str(&written("object-odd-names")).expect("it is read"),
        more: vec![
            Value::Nil,
            5u8.into(),
            Object::hashtable([("a".into(), 1.5.into())]).into(),
        ],
        none: None,
    };
    let text = clixml::to_string(&value).expect("it is written");
    assert_eq!(
        clixml::from_str::<Wrapped>(&text).expect("it is read"),
        value
    );
}

#[test]
fn a_value_includes_the_objects_that_it_refers_to() {
    #[derive(Deserialize)]
    struct Two {
        b: Value,
    }
    let text = object(r#"<Obj N="a" RefId="1"><LST><S>x</S></LST></Obj><Ref N="b" RefId="1"/>"#);
    let two: Two = clixml::from_str(&text).expect("it is read");
    assert_eq!(two.b.items(), Some(&[Value::from("x")][..]));
    clixml::to_string(&two.b).expect("it stands for itself");
}

#[test]
fn typed_values_round_trip() {
    let before = state(2, &["remember helmet"], "2024-05-01T12:34:56.7891234Z");
    let value = clixml::to_value(&before).expect("a value");
    assert_eq!(
        value,
        clixml::from_str(&written("tutorial-state")).expect("it is read")
    );
    assert_eq!(
        clixml::from_value::<crate::support::AppState>(&value).expect("a state"),
        before
    );
    let error = clixml::from_value::<crate::support::AppState>(&Value::Nil).expect_err("no state");
    assert!(error.to_string().contains("found null"), "{error}");
}

#[test]
fn json_round_trips() {
    let json = serde_json::json!({"b": 1, "a": [true, null, "x", 1.5, {"c": 5_000_000_000i64}], "d": u64::MAX});
    let value = Value::from(json.clone());
    assert_eq!(value.to_json().expect("JSON"), json);
    assert_eq!(
        serde_json::from_value::<Value>(json.clone()).expect("a value"),
        value
    );
    let text = clixml::to_string(&value).expect("it is written");
    assert_eq!(
        clixml::from_str::<serde_json::Value>(&text).expect("it is read"),
        json
    );
}

#[test]
fn json_has_no_type_information() {
    let text = object(
        r#"<C N="c">97</C><D N="d">1.50</D><DT N="dt">2024-05-01T12:00:00Z</DT><BA N="ba">AAE=</BA><SS N="ss">70</SS>
        <Db N="nan">NaN</Db><Obj N="e"><ToString>Friday</ToString><I32>5</I32></Obj><S N="half">_xD83D_</S>
        <Obj N="h"><DCT><En><I32 N="Key">1</I32><B N="Value">true</B></En></DCT></Obj><I32 N="C">2</I32>"#,
    );
    let json = clixml::from_str::<Value>(&text)
        .expect("it is read")
        .to_json()
        .expect("JSON");
    assert_eq!(
        json,
        serde_json::json!({
            "C": 2, "d": 1.5, "dt": "2024-05-01T12:00:00Z", "ba": "AAE=", "ss": null, "nan": null, "e": 5,
            "half": "\u{FFFD}", "h": {"1": true},
        })
    );
}

#[test]
fn every_fixture_has_a_tree_and_most_are_json() {
    for file in ["written.jsonl", "random.jsonl", "rich.jsonl"] {
        for case in cases(file)
            .iter()
            .filter(|case| case.name != "nested-60-truncated")
        {
            let document: Document = case.document.parse().expect("it is read");
            let tree = document.tree().to_string();
            assert!(
                tree.ends_with('\n') && !tree.contains('\u{1b}'),
                "{}",
                case.name
            );
            let cyclic = case.name.contains("cycle") || case.name.contains("mutual");
            assert_eq!(document.to_json().is_err(), cyclic, "{}", case.name);
        }
    }
}

#[test]
fn the_objects_of_a_document_are_read_one_by_one() {
    let text = document("<I32>1</I32><S>two</S><I32>3</I32>");
    let numbers: Vec<_> = ReadOptions::new()
        .objects::<i32>(&text)
        .expect("a document")
        .collect();
    assert_eq!(*numbers[0].as_ref().expect("a number"), 1);
    let error = numbers[1].as_ref().expect_err("no number");
    assert_eq!(
        (error.path().as_str(), error.line(), error.column()),
        ("[1]", 1, 93)
    );
    assert_eq!(*numbers[2].as_ref().expect("a number"), 3);
    assert!(ReadOptions::new().objects::<i32>("x").is_err());

    let states = [
        state(1, &["a"], "2024-05-01T12:00:00Z"),
        state(2, &[], "2024-05-01T12:00:00Z"),
    ];
    let text = WriteOptions::new()
        .objects_to_string(&states)
        .expect("it is written");
    let read: Result<Vec<crate::support::AppState>, _> = ReadOptions::new()
        .objects(&text)
        .expect("a document")
        .collect();
    assert_eq!(read.expect("states"), states);
    assert_eq!(
        text.matches("<TN ").count(),
        2,
        "types are shared over the document"
    );
}

#[test]
fn text_holds_unpaired_surrogates() {
    let half = Text::from_utf16(&[0xD83D, 0x61]);
    assert_eq!(
        (half.as_str(), &*half.to_string_lossy()),
        (None, "\u{FFFD}a")
    );
    assert_eq!(half.to_utf16(), [0xD83D, 0x61]);
    let value = Value::from(Object::custom([(half.clone(), Value::from(half))]));
    let text = clixml::to_string(&value).expect("it is written");
    assert!(text.contains(r#"<S N="_xD83D_a">_xD83D_a</S>"#), "{text}");
    assert_eq!(clixml::from_str::<Value>(&text).expect("it is read"), value);
}

#[test]
fn values_that_powershell_cannot_read_are_not_written() {
    let object = |content| {
        Value::from(Object {
            content,
            ..Object::default()
        })
    };
    let mut deep = Value::Nil;
    for _ in 0..60 {
        deep = Object::list([deep]).into();
    }
    for value in [
        object(Content::Dictionary(vec![(Value::Nil, Value::Nil)])),
        object(Content::Value(Value::Nil)),
        Object::custom([("", Value::Nil)]).into(),
        Value::Members(vec![]),
        object(Content::List(ListKind::List, vec![Value::Members(vec![])])),
        deep,
    ] {
        clixml::to_string(&value).expect_err("it is refused");
    }
}
