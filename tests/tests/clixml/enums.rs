//! serde's four representations of enums, and .NET's own enums.

use serde::{Deserialize, Serialize};

use crate::support::{document, round_trip};
use kr_runtime::clixml;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum External {
    Unit,
    Newtype(i32),
    Tuple(i32, String),
    Struct { count: u8, name: Option<String> },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Internal {
    Unit,
    Struct { count: u8, notes: Vec<String> },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value")]
enum Adjacent {
    Unit,
    Newtype(i32),
    Tuple(i32, String),
    Struct { count: u8 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Number(i64),
    Text(String),
    Both { number: i64, text: String },
    List(Vec<bool>),
}

#[test]
fn all_four_representations_round_trip() {
    for value in [
        External::Unit,
        External::Newtype(-1),
        External::Tuple(1, "a".into()),
        External::Struct {
            count: 1,
            name: None,
        },
    ] {
        assert_eq!(round_trip(&value), value);
    }
    for value in [
        Internal::Unit,
        Internal::Struct {
            count: 1,
            notes: vec!["a".into(), "b".into()],
        },
    ] {
        assert_eq!(round_trip(&value), value);
    }
    for value in [
        Adjacent::Unit,
        Adjacent::Newtype(5),
        Adjacent::Tuple(5, "x".into()),
        Adjacent::Struct { count: 200 },
    ] {
        assert_eq!(round_trip(&value), value);
    }
    for value in [
        Untagged::Number(1),
        Untagged::Text("a".into()),
        Untagged::Both {
            number: 1,
            text: "b".into(),
        },
        Untagged::List(vec![true, false]),
    ] {
        assert_eq!(round_trip(&value), value);
    }
}

#[test]
fn enums_in_structs_and_lists_round_trip() {
    let value = vec![
        Some(External::Unit),
        None,
        Some(External::Tuple(1, String::new())),
    ];
    assert_eq!(round_trip(&value), value);
}

#[test]
fn a_variant_is_found_without_regard_to_case() {
    assert_eq!(
        clixml::from_str::<External>(&document("<S>unit</S>")).expect("a variant"),
        External::Unit
    );
    let named = r#"<Obj RefId="0"><MS><I32 N="NEWTYPE">4</I32></MS></Obj>"#;
    assert_eq!(
        clixml::from_str::<External>(&document(named)).expect("a variant"),
        External::Newtype(4)
    );
}

#[test]
fn an_enum_of_dotnet_is_read_by_its_name() {
    #[derive(Debug, PartialEq, Deserialize)]
    enum DayOfWeek {
        Thursday,
        Friday,
    }
    let friday = crate::support::written("enum");
    assert_eq!(
        clixml::from_str::<DayOfWeek>(&friday).expect("a day"),
        DayOfWeek::Friday
    );
    assert_eq!(clixml::from_str::<i32>(&friday).expect("its number"), 5);
    assert_ne!(DayOfWeek::Thursday, DayOfWeek::Friday);
}

#[test]
fn the_error_names_an_unknown_variant() {
    let error =
        clixml::from_str::<External>(&document("<S>Other</S>")).expect_err("no such variant");
    assert!(
        error.to_string().contains("unknown variant `Other`"),
        "{error}"
    );
    assert_eq!(error.line(), 1);
}
