//! Names are compared as .NET's `OrdinalIgnoreCase` does.

use std::collections::BTreeMap;

use kr_runtime::clixml::{self, Value};
use serde::{Deserialize, Serialize};

use crate::support::object;

fn members(document: &str) -> usize {
    let map: BTreeMap<String, i32> = clixml::from_str(document).expect("it is read");
    map.len()
}

#[test]
fn letters_are_compared_by_the_simple_mapping_to_upper_case() {
    for (one, other, same) in [
        ("alin", "ALIN", true),
        ("alın", "alin", false),
        ("alın", "ALIN", false),
        ("ſ", "s", false),
        ("ſ", "S", false),
        // The Kelvin sign, the Angstrom sign and a capital sharp s have no other upper-case letter.
        ("\u{212A}", "k", false),
        ("\u{212B}", "å", false),
        ("ß", "ẞ", false),
        ("ß", "ss", false),
        ("İ", "i", false),
        ("µ", "μ", true),
        ("ς", "σ", true),
        ("ÿ", "Ÿ", true),
        // One letter in the simple mapping, two in the full one.
        ("ᾳ", "ᾼ", true),
        ("ᾀ", "ᾈ", true),
        ("ᾗ", "ᾟ", true),
        ("ῼ", "ῳ", true),
        ("𐐨", "𐐀", true),
    ] {
        let document = object(&format!(
            r#"<I32 N="{one}">1</I32><I32 N="{other}">2</I32>"#
        ));
        assert_eq!(members(&document) == 1, same, "{one} {other}");
        let value: Value =
            clixml::from_str(&object(&format!(r#"<I32 N="{one}">1</I32>"#))).expect("it is read");
        assert_eq!(value.get(other).is_some(), same, "{one} {other}");
    }
}

#[test]
fn a_struct_whose_members_differ_in_case_alone_is_not_written() {
    #[derive(Serialize)]
    struct Twice {
        name: i32,
        #[serde(rename = "NAME")]
        other: i32,
    }
    let error = clixml::to_string(&Twice { name: 1, other: 2 }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the members `name` and `NAME` are one member for PowerShell, which ignores case; rename one"
    );

    #[derive(Serialize)]
    enum Variant {
        Both {
            name: i32,
            #[serde(rename = "Name")]
            other: i32,
        },
    }
    assert!(clixml::to_string(&Variant::Both { name: 1, other: 2 }).is_err());
}

#[test]
fn a_name_with_half_of_a_surrogate_pair_is_never_changed() {
    let document = object(r#"<I32 N="a_xD83D_">1</I32><I32 N="b">2</I32>"#);
    let error = clixml::from_str::<BTreeMap<String, i32>>(&document).unwrap_err();
    assert!(
        error.to_string().contains("half of a surrogate pair"),
        "{error}"
    );
    let value: Value = clixml::from_str(&document).expect("a value can hold it");
    assert!(clixml::to_string(&value).unwrap().contains("a_xD83D_"));

    #[derive(Deserialize)]
    struct Other {
        b: i32,
    }
    let other: Other = clixml::from_str(&document).expect("the member is unknown");
    assert_eq!(other.b, 2);

    #[derive(Debug, Deserialize)]
    struct Replacement {
        #[serde(rename = "a\u{FFFD}", default)]
        a: i32,
    }
    let read: Replacement = clixml::from_str(&document).expect("the member is unknown");
    assert_eq!(read.a, 0);
}
