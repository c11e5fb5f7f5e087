//! Hostile input is refused quickly.

use std::time::{Duration, Instant};

use kr_runtime::clixml::{self, Category, Document, ReadOptions, Value};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::support::{document, object};

#[derive(Debug, Deserialize)]
#[serde(untagged)]
#[expect(dead_code, reason = "only read")]
enum Tree {
    Branches(Vec<Tree>),
    Leaf(String),
}

fn doubling(levels: usize) -> String {
    let mut members = String::from(r#"<Obj RefId="1"><LST><S>x</S></LST></Obj>"#);
    for level in 2..levels {
        members.push_str(&format!(
            r#"<Obj RefId="{level}"><LST><Ref RefId="{0}"/><Ref RefId="{0}"/></LST></Obj>"#,
            level - 1
        ));
    }
    document(&format!(r#"<Obj RefId="0"><LST>{members}</LST></Obj>"#))
}

#[test]
fn references_that_double_are_refused() {
    let start = Instant::now();
    let error = clixml::from_str::<Tree>(&doubling(200)).expect_err("too much");
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    // An untagged enum hides the reason, so this reads another type.
    drop(error);
    let error = clixml::from_str::<serde_json::Value>(&doubling(60)).expect_err("too much");
    assert_eq!(error.category(), Category::Limit, "{error}");
    assert!(
        error
            .to_string()
            .contains("references to shared objects expand"),
        "{error}"
    );
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn the_limit_on_expansion_can_be_set() {
    let shared = document(
        r#"<Obj RefId="0"><LST><Obj RefId="1"><S>x</S></Obj><Ref RefId="1"/></LST></Obj>"#,
    );
    assert_eq!(
        clixml::from_str::<Vec<String>>(&shared).expect("it is honest"),
        ["x", "x"]
    );
    ReadOptions::new()
        .max_expansion(4)
        .from_str::<Vec<String>>(&shared)
        .expect_err("four bytes are too few");
}

#[test]
fn a_long_chain_of_references_does_not_overflow_the_stack() {
    let mut list = String::from(r#"<Obj RefId="0"><LST/></Obj>"#);
    for id in 1..20_000 {
        list.push_str(&format!(
            r#"<Obj RefId="{id}"><LST><Ref RefId="{}"/></LST></Obj>"#,
            id - 1
        ));
    }
    let list = document(&list);
    let error = clixml::from_str::<serde_json::Value>(&list).expect_err("too deep");
    assert_eq!(error.category(), Category::Limit, "{error}");
    // The highest limit still fits the stack of a thread, also for types that buffer what they read.
    let most = ReadOptions::new()
        .max_depth(usize::MAX)
        .max_expansion(usize::MAX);
    most.from_str::<serde_json::Value>(&list)
        .expect_err("too deep");
    most.from_str::<Tree>(&list).expect_err("too deep");
    most.from_str::<Value>(&list)
        .expect("a value keeps references as they are");
}

#[test]
fn cycles_are_refused_where_a_type_follows_them() {
    #[derive(Debug, Deserialize)]
    struct Node {
        #[serde(rename = "Self")]
        _own: Option<Box<Node>>,
    }
    #[derive(Debug, Deserialize)]
    struct Named {
        #[serde(rename = "Name")]
        name: String,
    }
    let cycle = crate::support::written("object-cycle");
    let error = clixml::from_str::<Node>(&cycle).expect_err("it has no end");
    assert!(
        error.to_string().contains("refers back to itself"),
        "{error}"
    );
    assert_eq!(error.path(), "Self");
    assert_eq!(
        clixml::from_str::<Named>(&cycle)
            .expect("it does not look")
            .name,
        "loop"
    );
}

#[test]
fn the_depth_limit_is_that_of_powershell() {
    let nested = |levels: usize| {
        let (open, close) = (
            "<Obj><LST>".repeat(levels - 1),
            "</LST></Obj>".repeat(levels - 1),
        );
        document(&format!("{open}<I32>1</I32>{close}"))
    };
    clixml::from_str::<serde_json::Value>(&nested(49)).expect("49 levels");
    let error = clixml::from_str::<IgnoredAny>(&nested(50)).expect_err("50 levels");
    assert_eq!(error.category(), Category::Limit);
    assert!(
        error.to_string().contains("deeper than 49 levels"),
        "{error}"
    );
    clixml::from_str::<IgnoredAny>(&nested(100_000)).expect_err("no stack for it");
    ReadOptions::new()
        .max_depth(8)
        .from_str::<IgnoredAny>(&nested(9))
        .expect_err("8 levels");
    ReadOptions::new()
        .max_depth(128)
        .from_str::<serde_json::Value>(&nested(100))
        .expect("128 levels");
}

#[test]
fn too_many_elements_are_refused() {
    for open in ["<Obj><MS><MS N=\"a\">", "<Obj>", "<Nil>", "<Nil><x>"] {
        let error =
            clixml::from_str::<IgnoredAny>(&document(&open.repeat(50_000))).expect_err("no end");
        assert!(error.line() > 0, "{error}");
    }
}

#[test]
fn writing_has_the_same_depth_limit() {
    let nest = |levels: usize| {
        let mut value = serde_json::json!(1);
        for _ in 0..levels - 1 {
            value = serde_json::json!([value]);
        }
        value
    };
    clixml::to_string(&nest(49)).expect("49 levels");
    let error = clixml::to_string(&nest(50)).expect_err("50 levels");
    assert!(
        error.to_string().contains("deeper than the 49 levels"),
        "{error}"
    );
}

#[test]
fn a_document_type_definition_is_refused() {
    for doctype in [
        "<!DOCTYPE Objs>",
        "<!DOCTYPE Objs SYSTEM \"file:///etc/passwd\">",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    ] {
        let error = clixml::from_str::<i32>(&format!("{doctype}{}", document("<I32>1</I32>")))
            .expect_err("a DTD");
        assert!(
            error.to_string().contains("document type definition"),
            "{error}"
        );
    }
    clixml::from_str::<String>(&document("<S>&a;</S>")).expect_err("no such entity");
}

#[test]
fn limits_can_be_set() {
    let five = document("<I32>5</I32>");
    for options in [
        ReadOptions::new().max_bytes(10),
        ReadOptions::new().max_elements(1),
        ReadOptions::new().max_text(0),
        ReadOptions::new().max_depth(0),
    ] {
        let error = options.from_str::<i32>(&five).expect_err("past the bound");
        assert_eq!(error.category(), Category::Limit, "{error}");
    }
    let options = ReadOptions::new()
        .max_bytes(1000)
        .max_elements(2)
        .max_text(1)
        .max_depth(1);
    assert_eq!(
        options.from_str::<i32>(&five).expect("within the bounds"),
        5
    );
    assert_eq!(
        options
            .max_bytes(10)
            .from_slice::<i32>(five.as_bytes())
            .expect_err("too long")
            .category(),
        Category::Limit
    );
}

#[test]
fn many_attributes_and_namespaces_end_quickly() {
    let start = Instant::now();
    let attributes: String = (0..200_000).map(|n| format!(" a{n}=\"\"")).collect();
    clixml::from_str::<IgnoredAny>(&document(&format!("<I32{attributes}>1</I32>")))
        .expect_err("too many");
    let spaces: String = (0..200_000).map(|n| format!(" xmlns:a{n}=\"x\"")).collect();
    clixml::from_str::<IgnoredAny>(&document(&format!("<I32{spaces}>1</I32>")))
        .expect_err("too many");
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn a_recursive_type_is_limited() {
    #[derive(Debug, Deserialize)]
    struct Lists(#[expect(dead_code)] Vec<Lists>);
    let error =
        clixml::from_str::<Lists>(&object(r#"<I32 N="a">1</I32>"#)).expect_err("lists in lists");
    assert_eq!(error.category(), Category::Limit, "{error}");
}

#[test]
fn inputs_that_once_took_quadratic_time_end_quickly() {
    let start = Instant::now();
    // Each value of a list resolves references.
    let many =
        r#"<Obj RefId="0"><S>x</S></Obj>"#.repeat(20_000) + &r#"<Ref RefId="0"/>"#.repeat(20_000);
    let values: Vec<Value> = clixml::from_str(&document(&many)).expect("it is honest");
    assert_eq!(values.len(), 40_000);
    // One long name above many objects. The tree names each object by its path.
    let objects: String = (0..5_000)
        .map(|id| format!(r#"<Obj RefId="{id}"/><Ref RefId="{id}"/>"#))
        .collect();
    let long = object(&format!(
        r#"<Obj N="{}"><LST>{objects}</LST></Obj>"#,
        "n".repeat(1 << 20)
    ));
    let read: Document = long.parse().expect("it is read");
    assert!(read.tree().to_string().len() < 8 << 20);
    // One long list of type names that many objects share.
    let typed = format!(
        r#"<Obj><TN RefId="0"><T>{}</T></TN></Obj>"#,
        "t".repeat(1 << 20)
    );
    let shared = document(&(typed + &r#"<Obj><TNRef RefId="0"/></Obj>"#.repeat(5_000)));
    let read: Document = shared.parse().expect("it is read");
    assert_eq!(
        read.to_text()
            .expect("it is written")
            .matches("<TNRef")
            .count(),
        5_000
    );
    assert!(read.tree().to_string().len() < 8 << 20);
    // A long unknown name, in letters whose comparison is slow.
    let odd = format!(r#"<I32 N="{}">1</I32>"#, "ü".repeat(1 << 20)).repeat(10);
    let error = clixml::from_str::<crate::support::AppState>(&object(&odd)).expect_err("no state");
    assert!(error.to_string().len() < 400, "{}", error.to_string().len());
    assert!(
        start.elapsed() < Duration::from_secs(20),
        "{:?}",
        start.elapsed()
    );
}
