//! Errors have a line, a column, a path and a message that says what to do.

use kr_runtime::clixml::{self, Category, Error, Value};
use serde::Deserialize;

use crate::support::{AppState, document, object, written};

fn refused(document: &str) -> Error {
    let error = clixml::from_str::<AppState>(document).expect_err("it is refused");
    let message = error.to_string();
    assert!(!message.contains('\n'), "{message}");
    assert!(
        message.starts_with(|c: char| !c.is_uppercase()) || !error.path().is_empty(),
        "{message}"
    );
    error
}

#[test]
fn input_that_is_not_xml_is_refused() {
    let error = refused(r#"{"VisitCount": 5}"#);
    assert_eq!(
        error.to_string(),
        "line 1, column 1: expected a CLIXML document, found \"{\"VisitCount\": 5}\"; it starts with `<Objs`"
    );
    assert_eq!(error.category(), Category::Xml);
    assert_eq!(refused("").category(), Category::Xml);
    assert_eq!(refused("  \n").category(), Category::Xml);
}

#[test]
fn xml_that_is_no_clixml_is_refused() {
    let error = refused("<html><body>x</body></html>");
    assert_eq!(
        error.to_string(),
        "line 1, column 1: expected the root element `<Objs>` in PowerShell's namespace, found `<html>`"
    );
    assert_eq!(error.category(), Category::Clixml);
    assert_eq!(
        refused("<Objs Version=\"1.1.0.1\"><I32>1</I32></Objs>").category(),
        Category::Clixml
    );
    assert_eq!(
        refused(
            "<Objs Version=\"2.0\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"/>"
        )
        .column(),
        1
    );
}

#[test]
fn a_bare_string_is_not_a_state() {
    let error = refused(
        "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n  <S>five</S>\n</Objs>",
    );
    assert_eq!(
        error.to_string(),
        "line 2, column 3: expected an object with the members of AppState, found string \"five\""
    );
    assert_eq!(error.category(), Category::Data);
    assert!(refused(&document("")).to_string().contains("found null"));
    assert!(
        refused(&document("<I32>1</I32><I32>2</I32>"))
            .to_string()
            .contains("found several objects")
    );
    assert!(
        refused(&document("<Obj><LST/></Obj>"))
            .to_string()
            .contains("found a list")
    );
}

#[test]
fn the_error_names_a_missing_member() {
    let error = refused(&object(r#"<I32 N="VisitCount">5</I32><Nil N="Notes"/>"#));
    assert!(
        error
            .to_string()
            .ends_with("the member `LastUpdated` is missing"),
        "{error}"
    );
    assert_eq!(error.line(), 1);
}

#[test]
fn the_error_for_a_member_of_another_type_has_its_path() {
    let text = written("tutorial-three-notes").replace("<S>a</S>", "<I32>5</I32>");
    let error = refused(&text);
    assert_eq!(
        error.to_string(),
        "Notes[0] (line 16, column 11): expected a string, found number 5 (`<I32>`)"
    );
    assert_eq!(
        (error.path().as_str(), error.line(), error.column()),
        ("Notes[0]", 16, 11)
    );

    let text = written("tutorial-state").replace(
        "<I32 N=\"VisitCount\">2</I32>",
        "<S N=\"VisitCount\">two</S>",
    );
    assert_eq!(
        refused(&text).to_string(),
        "VisitCount (line 8, column 7): expected i32, found string \"two\""
    );

    let text = written("tutorial-state").replace(
        "<DT N=\"LastUpdated\">2024-05-01T12:34:56.7891234Z</DT>",
        "<I32 N=\"LastUpdated\">2</I32>",
    );
    let error = refused(&text);
    assert_eq!(error.path(), "LastUpdated");
    assert!(
        error
            .to_string()
            .contains("expected a date and time such as"),
        "{error}"
    );
}

#[test]
fn a_number_out_of_range_differs_from_text_that_is_not_a_number() {
    let error = refused(&object(r#"<I64 N="VisitCount">99999999999</I64>"#));
    assert_eq!(
        error.to_string(),
        "VisitCount (line 1, column 100): expected i32, found 99999999999, which is out of range"
    );
    let error = refused(&object(r#"<I32 N="VisitCount">99999999999</I32>"#));
    assert!(
        error
            .to_string()
            .ends_with("found \"99999999999\", which is out of range"),
        "{error}"
    );
    assert_eq!(error.category(), Category::Clixml);
    let error = refused(&object(r#"<I32 N="VisitCount">many</I32>"#));
    assert!(error.to_string().ends_with("found \"many\""), "{error}");
}

#[test]
fn a_truncated_document_is_refused_at_every_length() {
    let whole = written("tutorial-state");
    for end in 0..whole.len() {
        let error = refused(&whole[..end]);
        assert_eq!(error.category(), Category::Xml, "{end}: {error}");
        assert!(error.line() > 0, "{end}: {error}");
    }
    let error = refused(&whole[..whole.len() - 7]);
    assert_eq!(
        error.to_string(),
        "line 22, column 1: the document ends inside `<Objs>`; it was cut off"
    );
}

#[test]
fn a_document_with_one_wrong_byte_never_panics() {
    let whole = written("tutorial-three-notes");
    for at in 0..whole.len() {
        for byte in [b'<', b'&', b'"', b'>', b'/', 0, b'_'] {
            let mut changed = whole.clone().into_bytes();
            changed[at] = byte;
            let _ = clixml::from_slice::<AppState>(&changed);
        }
    }
}

#[test]
fn an_unrelated_object_is_refused() {
    let error = refused(&object(r#"<S N="Name">x</S><I32 N="Age">5</I32>"#));
    assert!(
        error
            .to_string()
            .ends_with("the member `VisitCount` is missing"),
        "{error}"
    );
}

#[test]
fn errors_from_a_types_own_deserializer_have_a_position() {
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "i32")]
    struct Even;
    impl TryFrom<i32> for Even {
        type Error = String;
        fn try_from(number: i32) -> Result<Self, String> {
            if number % 2 == 0 {
                Ok(Even)
            } else {
                Err(format!("{number} is\nodd"))
            }
        }
    }
    #[derive(Debug, Deserialize)]
    struct Numbers {
        #[serde(rename = "Evens")]
        _evens: Vec<Even>,
    }
    let list = r#"<Obj N="Evens" RefId="1"><LST><I32>2</I32><I32>3</I32></LST></Obj>"#;
    let error = clixml::from_str::<Numbers>(&object(list)).expect_err("3 is odd");
    assert_eq!(error.to_string(), "Evens[1] (line 1, column 142): 3 is odd");
}

#[test]
fn an_unpaired_surrogate_does_not_fit_a_rust_string() {
    let error =
        clixml::from_str::<String>(&document("<S>_xD83D_</S>")).expect_err("no Rust string");
    assert!(
        error.to_string().contains("an unpaired surrogate"),
        "{error}"
    );
    assert_eq!(
        clixml::from_str::<String>(&document("<S>_xD83D__xDE00_</S>")).expect("a pair"),
        "😀"
    );
}

#[test]
fn lines_and_columns_count_as_an_editor_counts() {
    let at = |text: &str| {
        let error = clixml::from_str::<i32>(text).expect_err("no document");
        (error.line(), error.column())
    };
    assert_eq!(at("\r\n\r\n x"), (3, 2));
    assert_eq!(at("\r\r x"), (3, 2));
    assert_eq!(at("<!-- ü😀 --> x"), (1, 13));
}

#[test]
fn bytes_in_an_unknown_encoding_are_refused() {
    for bytes in [
        &b"\xFF\xFE\x41"[..],
        b"\xFF\xFE\x00\xD8",
        b"\xFF\xFE\0\0\x41",
        b"a\xFFb",
        b"\x3C\0\x4F\0",
    ] {
        let error = clixml::from_slice::<i32>(bytes).expect_err("no text");
        assert_eq!(error.category(), Category::Xml, "{error}");
    }
    let error = clixml::from_slice::<i32>(b"\n a\xFFb").expect_err("no UTF-8");
    assert_eq!((error.line(), error.column()), (2, 3));
}

#[test]
fn the_error_of_a_reader_is_kept() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let error = clixml::from_reader::<_, i32>(Broken).expect_err("no bytes");
    assert_eq!(
        (error.category(), error.to_string().as_str()),
        (Category::Io, "the disk is gone")
    );
    assert!(std::error::Error::source(&error).is_some());
    let refused: std::io::Error = clixml::from_str::<i32>("x")
        .expect_err("no document")
        .into();
    assert_eq!(refused.kind(), std::io::ErrorKind::InvalidData);
}

#[test]
fn the_error_for_an_invalid_number_has_the_path_of_its_member() {
    let text = document(
        r#"<Obj RefId="0"><MS><Obj N="Stock" RefId="1"><LST><I32>1</I32><Obj RefId="2"><DCT><En><S N="Key">bikes</S><I32 N="Value">many</I32></En></DCT></Obj></LST></Obj></MS></Obj>"#,
    );
    let error = clixml::from_str::<Value>(&text).unwrap_err();
    assert_eq!(error.path(), "Stock[1].bikes", "{error}");
    let text = document(r#"<Obj RefId="0"><MS><I32 N="VisitCount">x</I32></MS></Obj>"#);
    let error = clixml::from_str::<Value>(&text).unwrap_err();
    assert_eq!(error.path(), "VisitCount", "{error}");
}

#[test]
fn the_error_for_a_misplaced_element_has_the_path_of_its_parent() {
    let text = document(
        r#"<Obj RefId="0"><MS><Obj N="Notes" RefId="1"><LST><S>a</S><LST /></LST></Obj></MS></Obj>"#,
    );
    let error = clixml::from_str::<Value>(&text).unwrap_err();
    assert_eq!(error.path(), "Notes", "{error}");
}

#[test]
fn the_error_for_a_root_without_the_namespace_names_it() {
    let error = refused("<Objs />");
    let expected = "write `xmlns=\"http://schemas.microsoft.com/powershell/2004/04\"`";
    assert!(error.to_string().contains(expected), "{error}");
}
