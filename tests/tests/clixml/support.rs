//! The fixtures, and what several tests share.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use kr_runtime::{Timestamp, clixml};
use serde::{Deserialize, Serialize};

/// The state of the tutorial.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AppState {
    pub(crate) visit_count: i32,
    pub(crate) notes: Vec<String>,
    #[serde(with = "clixml::datetime")]
    pub(crate) last_updated: Timestamp,
}

pub(crate) fn state(visits: i32, notes: &[&str], updated: &str) -> AppState {
    AppState {
        visit_count: visits,
        notes: notes.iter().map(|note| (*note).to_owned()).collect(),
        last_updated: updated.parse().expect("a timestamp"),
    }
}

/// A document with these elements.
pub(crate) fn document(elements: &str) -> String {
    format!(
        r#"<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">{elements}</Objs>"#
    )
}

/// A document with one object that has these members.
pub(crate) fn object(members: &str) -> String {
    document(&format!(r#"<Obj RefId="0"><MS>{members}</MS></Obj>"#))
}

/// Writes a value and reads it again.
pub(crate) fn round_trip<T: Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
    let document = clixml::to_string(value).expect("it can be written");
    clixml::from_str(&document).unwrap_or_else(|error| panic!("{error}\n{document}"))
}

/// One line of a fixture file.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) document: String,
    /// What PowerShell made of it, or `None` where the line does not say.
    pub(crate) value: Option<Json>,
    /// Whether PowerShell refuses it.
    pub(crate) refused: bool,
}

pub(crate) fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/clixml")
        .join(name)
}

pub(crate) fn cases(name: &str) -> Vec<Case> {
    let text = fs::read_to_string(fixture(name)).expect("the fixture is there");
    text.lines()
        .map(|line| {
            let Json::Object(mut fields) = Json::parse(line) else {
                panic!("every line is an object")
            };
            let mut text = |key| match fields.remove(key) {
                Some(Json::String(units)) => String::from_utf16(&units).expect("no lone surrogate"),
                _ => panic!("{key} is missing"),
            };
            let (name, document) = (text("name"), text("document"));
            let value = fields.remove("value").filter(|value| *value != Json::Null);
            Case {
                name,
                document,
                refused: fields.contains_key("error"),
                value,
            }
        })
        .collect()
}

pub(crate) fn written(name: &str) -> String {
    let case = cases("written.jsonl")
        .into_iter()
        .find(|case| case.name == name);
    case.unwrap_or_else(|| panic!("no case {name}")).document
}

/// JSON whose strings may have unpaired surrogates, which `serde_json` refuses.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    String(Vec<u16>),
    Array(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl Json {
    pub(crate) fn parse(text: &str) -> Json {
        let mut rest = text.trim();
        let value = Self::value(&mut rest);
        assert!(rest.is_empty(), "trailing {rest}");
        value
    }

    fn value(rest: &mut &str) -> Json {
        if let Some(after) = rest.strip_prefix("null") {
            *rest = after.trim_start();
            return Json::Null;
        }
        match rest.as_bytes()[0] {
            b'"' => Json::String(Self::string(rest)),
            b'[' => {
                let mut items = Vec::new();
                Self::sequence(rest, ']', |rest| items.push(Self::value(rest)));
                Json::Array(items)
            }
            b'{' => {
                let mut fields = BTreeMap::new();
                Self::sequence(rest, '}', |rest| {
                    let key = String::from_utf16(&Self::string(rest)).expect("a plain key");
                    *rest = rest.strip_prefix(':').expect("a colon").trim_start();
                    fields.insert(key, Self::value(rest));
                });
                Json::Object(fields)
            }
            other => panic!("the fixtures have no {:?}", other as char),
        }
    }

    fn sequence(rest: &mut &str, close: char, mut each: impl FnMut(&mut &str)) {
        *rest = rest[1..].trim_start();
        while !rest.starts_with(close) {
            each(rest);
            *rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        }
        *rest = rest[1..].trim_start();
    }

    fn string(rest: &mut &str) -> Vec<u16> {
        let mut units = Vec::new();
        let mut characters = rest[1..].char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    *rest = rest[at + 2..].trim_start();
                    return units;
                }
                '\\' => {
                    let (at, kind) = characters.next().expect("an escape");
                    units.push(match kind {
                        'n' => 10,
                        'r' => 13,
                        't' => 9,
                        'b' => 8,
                        'f' => 12,
                        'u' => {
                            let digits = &rest[at + 2..at + 6];
                            characters.nth(3);
                            u16::from_str_radix(digits, 16).expect("four digits")
                        }
                        plain => plain as u16,
                    });
                }
                _ => units.extend_from_slice(character.encode_utf16(&mut [0; 2])),
            }
        }
        panic!("a string is not closed")
    }
}
