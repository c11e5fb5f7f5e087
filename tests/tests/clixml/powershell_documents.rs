//! Documents that PowerShell 7.6.9 wrote or read, compared with what it made of them.

#[path = "../../../examples/clixml/describe.rs"]
mod describe;

use kr_runtime::clixml::{Document, Value};

use crate::support::{Case, Json, cases, fixture};

/// The intended differences, by the start of the case's name.
const DIFFERENCES: &[(&str, &str)] = &[
    (
        "xd-dtd",
        "a DTD is refused wherever it stands, also in a document within the document",
    ),
    (
        "datetime-13",
        "a time without a date takes today's, which was another day when the fixture was made",
    ),
    (
        "dct-obj-key",
        "the fixture shows what indexing the table with the key gives, and an empty list gives an empty list",
    ),
    (
        "rich-culture",
        "PowerShell makes a live CultureInfo of it, with what .NET knows of the culture",
    ),
    ("rich-invariant", "the same"),
    ("rich-ipaddress", "PowerShell makes a live IPAddress of it"),
    (
        "rich-switchparam",
        "PowerShell makes a live SwitchParameter of it, which has no `Deserialized.` names",
    ),
    (
        "rich-x500",
        "PowerShell makes a live X500DistinguishedName of it",
    ),
];

fn differs(case: &Case) -> bool {
    DIFFERENCES
        .iter()
        .any(|(name, _)| case.name.starts_with(name))
}

fn report(wrong: &[String]) {
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn no_fixture_is_missing() {
    let count = |name| cases(name).len();
    let counts = ["written.jsonl", "random.jsonl", "rich.jsonl", "read.jsonl"].map(count);
    assert_eq!(counts, [140, 200, 93, 660]);
    assert!(DIFFERENCES.len() < 10);
}

#[test]
fn every_document_has_the_value_that_powershell_reads() {
    let mut wrong = Vec::new();
    for file in ["written.jsonl", "random.jsonl", "rich.jsonl", "read.jsonl"] {
        for case in cases(file) {
            let Some(expected) = &case.value else {
                continue;
            };
            match case.document.parse::<Document>() {
                Ok(document) => {
                    let line = describe::describe(&document).expect("it ends");
                    let same = same(&Json::parse(&line), expected, &case.document);
                    // The fixture depends on the date on which it was made, which may be today.
                    if same == differs(&case) && case.name != "datetime-13" {
                        wrong.push(format!("{}: {line}\n    {expected:?}", case.name));
                    }
                }
                Err(_) if differs(&case) => {}
                Err(error) => wrong.push(format!("{}: {error}", case.name)),
            }
        }
    }
    report(&wrong);
}

#[test]
fn every_document_that_powershell_wrote_is_written_again_byte_for_byte() {
    let mut wrong = Vec::new();
    for file in ["written.jsonl", "random.jsonl", "rich.jsonl"] {
        for case in cases(file) {
            // PowerShell wrote this one past its own limit, and refuses to read it as we do.
            if case.name == "nested-60-truncated" {
                continue;
            }
            let written = case
                .document
                .parse::<Document>()
                .and_then(|document| document.to_text());
            match written {
                Ok(text) if text == case.document => {}
                Ok(text) => wrong.push(format!("{}:\n{}\n{text}", case.name, case.document)),
                Err(error) => wrong.push(format!("{}: {error}", case.name)),
            }
        }
    }
    report(&wrong);
}

#[test]
fn one_value_is_written_again_through_serde() {
    let mut wrong = Vec::new();
    for file in ["written.jsonl", "random.jsonl", "rich.jsonl"] {
        for case in cases(file)
            .iter()
            .filter(|case| case.name != "nested-60-truncated")
        {
            let value: Value = kr_runtime::clixml::from_str(&case.document).expect("it is read");
            if kr_runtime::clixml::to_string(&value).expect("it is written") != case.document {
                wrong.push(case.name.clone());
            }
        }
    }
    report(&wrong);
}

#[test]
fn every_accepted_document_round_trips() {
    let mut wrong = Vec::new();
    for case in cases("read.jsonl")
        .iter()
        .filter(|case| !case.refused && !differs(case))
    {
        let document: Document = case.document.parse().expect("it is read");
        let text = document
            .to_text()
            .unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let again: Document = text
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}\n{text}", case.name));
        let (before, after) = (
            describe::describe(&document).expect("it ends"),
            describe::describe(&again).expect("it ends"),
        );
        if before != after || again.to_text().expect("it is written") != text {
            wrong.push(format!("{}:\n{before}\n{after}", case.name));
        }
    }
    report(&wrong);
}

#[test]
fn files_have_the_same_value_in_every_encoding() {
    let read = |name: &str| {
        let bytes =
            std::fs::read(fixture(&format!("file-{name}.clixml"))).expect("the fixture is there");
        Document::from_slice(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
    };
    let expected = read("utf8");
    for name in ["utf8bom", "utf16le", "utf16be", "utf32le"] {
        assert_eq!(read(name), expected, "{name}");
    }
}

/// Compares as the fixtures' README says.
fn same(ours: &Json, theirs: &Json, document: &str) -> bool {
    let (Json::Object(a), Json::Object(b)) = (ours, theirs) else {
        return match (ours, theirs) {
            (Json::Array(a), Json::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, document))
            }
            _ => ours == theirs,
        };
    };
    let text = |json: Option<&Json>| match json {
        Some(Json::String(units)) => String::from_utf16_lossy(units),
        _ => String::new(),
    };
    let tag = text(a.get("t"));
    if tag != text(b.get("t")) || a.keys().ne(b.keys()) {
        return false;
    }
    match &*tag {
        "Sg" | "Db" => {
            let number = |json: Option<&Json>| text(json).parse::<f64>().expect("a number");
            let (a, b) = match &*tag {
                "Sg" => (
                    number(a.get("v")) as f32 as f64,
                    number(b.get("v")) as f32 as f64,
                ),
                _ => (number(a.get("v")), number(b.get("v"))),
            };
            (a.is_nan() && b.is_nan()) || a.to_bits() == b.to_bits()
        }
        "Dict" if !document.contains("OrderedDictionary") => {
            let (Some(Json::Array(a)), Some(Json::Array(b))) = (a.get("entries"), b.get("entries"))
            else {
                return false;
            };
            let mut rest: Vec<&Json> = b.iter().collect();
            a.len() == b.len()
                && a.iter().all(|entry| {
                    let place = rest.iter().position(|other| same(entry, other, document));
                    place.map(|place| rest.swap_remove(place)).is_some()
                })
        }
        _ => a.iter().all(|(key, value)| same(value, &b[key], document)),
    }
}
