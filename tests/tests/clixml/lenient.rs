//! Reading into Rust types is as lenient as PowerShell.

use std::collections::{BTreeMap, HashMap};

use kr_runtime::clixml;
use serde::Deserialize;

use crate::support::{AppState, document, object};

const DATE: &str = r#"<DT N="LastUpdated">2024-05-01T12:34:56Z</DT>"#;

fn read(members: &str) -> AppState {
    clixml::from_str(&object(members)).expect("it is read")
}

#[test]
fn member_names_ignore_case() {
    let state = read(&format!(
        r#"<I32 N="VISITCOUNT">5</I32><Nil N="notes"/>{DATE}"#
    ));
    assert_eq!(state.visit_count, 5);
}

#[test]
fn the_later_of_two_members_wins() {
    let state = read(&format!(
        r#"<I32 N="VisitCount">5</I32><Nil N="Notes"/>{DATE}<I32 N="visitcount">6</I32>"#
    ));
    assert_eq!(state.visit_count, 6);
    let map: BTreeMap<String, i32> = clixml::from_str(&object(
        r#"<I32 N="a">1</I32><I32 N="b">2</I32><I32 N="A">3</I32>"#,
    ))
    .expect("a map");
    assert_eq!(
        map,
        BTreeMap::from([("A".to_owned(), 3), ("b".to_owned(), 2)])
    );
}

#[test]
fn a_hashtable_with_both_spellings_prefers_the_exact_one() {
    let entries = |first: &str, second: &str| {
        document(&format!(
            r#"<Obj RefId="0"><DCT><En><S N="Key">{first}</S><I32 N="Value">1</I32></En><En><S N="Key">{second}</S><I32 N="Value">2</I32></En></DCT></Obj>"#
        ))
    };
    #[derive(Deserialize)]
    struct Named {
        name: i32,
    }
    assert_eq!(
        clixml::from_str::<Named>(&entries("name", "NAME"))
            .expect("a struct")
            .name,
        1
    );
    assert_eq!(
        clixml::from_str::<Named>(&entries("NAME", "name"))
            .expect("a struct")
            .name,
        2
    );
}

#[test]
fn an_object_that_wraps_a_primitive_is_read_as_the_primitive() {
    let state = read(
        r#"<Obj N="VisitCount" RefId="1"><I32>3</I32><MS><S N="PSPath">x</S></MS></Obj>
        <Obj N="Notes" RefId="2"><S>noted</S></Obj>
        <Obj N="LastUpdated" RefId="3"><DT>2024-05-01T14:34:56+02:00</DT></Obj>"#,
    );
    assert_eq!((state.visit_count, &*state.notes[0]), (3, "noted"));
    assert_eq!(state.last_updated.to_string(), "2024-05-01T12:34:56Z");
}

#[test]
fn a_single_element_is_read_as_a_list_of_one() {
    let state = read(&format!(
        r#"<I32 N="VisitCount">5</I32><S N="Notes">one</S>{DATE}"#
    ));
    assert_eq!(state.notes, ["one"]);
    let nested: Vec<Vec<i32>> =
        clixml::from_str(&document("<I32>1</I32>")).expect("a list in a list");
    assert_eq!(nested, [[1]]);
}

#[test]
fn integers_of_any_width_fit_if_in_range() {
    for element in ["By", "SB", "U16", "I16", "U32", "I32", "U64", "I64"] {
        let document = document(&format!("<{element}> 100 </{element}>"));
        assert_eq!(clixml::from_str::<u8>(&document).expect("in range"), 100);
        assert_eq!(clixml::from_str::<i64>(&document).expect("in range"), 100);
        assert_eq!(clixml::from_str::<f64>(&document).expect("in range"), 100.0);
    }
}

#[test]
fn other_spellings_of_a_struct_are_read() {
    let state = r#"<I32 N="VisitCount">1</I32><Nil N="Notes"/><DT N="LastUpdated">2024-05-01T12:34:56Z</DT>"#;
    for object in [
        format!(r#"<Obj><Props>{state}</Props></Obj>"#),
        format!(r#"<Obj><Obj><MS>{state}</MS></Obj></Obj>"#),
        format!(
            r#"<Obj><TN><T>Deserialized.Mine</T></TN><ToString>mine</ToString><MS>{state}</MS></Obj>"#
        ),
    ] {
        assert_eq!(
            clixml::from_str::<AppState>(&document(&object))
                .expect("it is read")
                .visit_count,
            1
        );
    }
}

#[test]
fn unknown_members_are_ignored_unless_denied() {
    let more = format!(r#"<I32 N="VisitCount">5</I32><Nil N="Notes"/><S N="More">x</S>{DATE}"#);
    assert_eq!(read(&more).visit_count, 5);

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        #[serde(rename = "VisitCount")]
        _visits: i32,
    }
    let error =
        clixml::from_str::<Strict>(&object(r#"<I32 N="VisitCount">5</I32><S N="More">x</S>"#))
            .expect_err("denied");
    assert!(
        error.to_string().contains("unknown field `More`"),
        "{error}"
    );
}

#[test]
fn aliases_and_defaults_work() {
    #[derive(Deserialize)]
    struct Renamed {
        #[serde(alias = "Visits", alias = "Count")]
        visit_count: i32,
        #[serde(default)]
        notes: Vec<String>,
    }
    let read: Renamed =
        clixml::from_str(&object(r#"<I32 N="count">7</I32>"#)).expect("by its alias");
    assert_eq!((read.visit_count, read.notes.len()), (7, 0));
}

#[test]
fn flattened_structs_are_read() {
    #[derive(Deserialize)]
    struct Outer {
        a: i32,
        #[serde(flatten)]
        rest: HashMap<String, String>,
    }
    let read: Outer =
        clixml::from_str(&object(r#"<I32 N="a">1</I32><S N="b">x</S>"#)).expect("it is read");
    assert_eq!((read.a, &*read.rest["b"]), (1, "x"));
}

#[test]
fn references_are_followed() {
    let shared = r#"<Obj N="A" RefId="1"><LST><S>same</S></LST></Obj><Ref N="B" RefId="1"/>"#;
    let read: BTreeMap<String, Vec<String>> =
        clixml::from_str(&object(shared)).expect("it is read");
    assert_eq!(read["A"], read["B"]);
}

#[test]
fn member_names_are_parsed_into_the_keys_of_a_map() {
    let read: BTreeMap<u8, bool> =
        clixml::from_str(&object(r#"<B N="7">true</B>"#)).expect("a number as a name");
    assert!(read[&7]);
}
