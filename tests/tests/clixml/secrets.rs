//! No message repeats a secret.

use std::collections::BTreeMap;

use kr_runtime::clixml::{self, Document, SecureString, Value};
use serde::Deserialize;

use crate::support::{document, object};

#[derive(Debug, Deserialize)]
struct Login {
    #[allow(dead_code)]
    password: SecureString,
}

#[derive(Debug, Deserialize)]
struct Plain {
    #[allow(dead_code)]
    password: String,
}

#[derive(Debug, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    #[allow(dead_code)]
    Login { password: SecureString },
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Untagged {
    #[allow(dead_code)]
    Number { password: u64 },
    #[allow(dead_code)]
    List { password: Vec<u8> },
}

#[derive(Debug, Deserialize)]
struct Flattened {
    #[serde(flatten)]
    #[allow(dead_code)]
    login: Plain,
}

fn messages(document: &str) -> Vec<String> {
    let mut messages = Vec::new();
    let mut add = |error: clixml::Error| messages.push(format!("{error} {error:?}"));
    clixml::from_str::<Login>(document)
        .map(drop)
        .unwrap_or_else(&mut add);
    clixml::from_str::<Plain>(document)
        .map(drop)
        .unwrap_or_else(&mut add);
    clixml::from_str::<Tagged>(document)
        .map(drop)
        .unwrap_or_else(&mut add);
    clixml::from_str::<Untagged>(document)
        .map(drop)
        .unwrap_or_else(&mut add);
    clixml::from_str::<Flattened>(document)
        .map(drop)
        .unwrap_or_else(&mut add);
    clixml::from_str::<BTreeMap<String, i32>>(document)
        .map(drop)
        .unwrap_or_else(&mut add);
    clixml::from_str::<Vec<i32>>(document)
        .map(drop)
        .unwrap_or_else(&mut add);
    clixml::from_str::<Value>(document)
        .map(drop)
        .unwrap_or_else(&mut add);
    document
        .parse::<Document>()
        .map(drop)
        .unwrap_or_else(&mut add);
    messages
}

#[test]
fn a_secret_is_in_no_message() {
    const SECRET: &str = "68756e74657232";
    for element in [
        format!(r#"<SS N="password">{SECRET}</SS>"#),
        format!(r#"<SS N="password">{SECRET}x</SS>"#),
        format!(r#"<SS N="password">{SECRET}&amp;</SS>"#),
        format!(r#"<SS N="password">{SECRET}<!-- --></SS>"#),
        format!(r#"<SS N="password">{SECRET}<I32>1</I32></SS>"#),
        format!(r#"<SS N="password">{SECRET}"#),
        format!(r#"<Obj N="password"><SS>{SECRET}</SS><MS><I32 N="a">1</I32></MS></Obj>"#),
        format!(r#"<S N="kind">Login</S><SS N="password">{SECRET}</SS>"#),
        format!(
            r#"<Obj N="password"><DCT><En><SS N="Key">{SECRET}</SS><S N="Value">x</S></En></DCT></Obj>"#
        ),
        format!(
            r#"<Obj N="password"><DCT><En><SS N="Key">{SECRET}</SS><I32 N="Value">x</I32></En></DCT></Obj>"#
        ),
    ] {
        for message in messages(&object(&element)) {
            assert!(!message.contains("68756e"), "{element}: {message}");
        }
    }
    // Here the secret was written as plain text.
    let error = clixml::from_str::<Login>(&object(r#"<S N="password">hunter2</S>"#)).unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
    let error = clixml::from_str::<BTreeMap<String, i32>>(&document(&format!(
        r#"<Obj RefId="0"><DCT><En><SS N="Key">{SECRET}</SS><I32 N="Value">1</I32></En></DCT></Obj>"#
    )))
    .unwrap_err();
    assert!(!error.to_string().contains(SECRET), "{error}");
    let error = "hunter2".parse::<SecureString>().unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
    let error = serde_json::from_str::<SecureString>(r#""hunter2""#).unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
}
