//! `KR_MACROS_DEBUG=visit` prints what `visit` turns into, on standard error while it is compiled; `*` stands for all.

use proc_macro2::{TokenStream, TokenTree};
use std::io::Write;
use std::process::{Command, Stdio};

const VARIABLE: &str = "KR_MACROS_DEBUG";

/// Hands the expansion on, and prints it if the variable has the item's name.
pub(crate) fn shown(item: &TokenStream, expanded: TokenStream) -> TokenStream {
    if let Ok(wanted) = std::env::var(VARIABLE)
        && let Some(name) = name_of(item)
        && (wanted == name || wanted == "*")
    {
        let text = expanded.to_string();
        eprintln!("// {name}\n{}", formatted(&text).unwrap_or(text));
    }
    expanded
}

fn name_of(item: &TokenStream) -> Option<String> {
    let mut tokens = item.clone().into_iter();
    let keywords = ["fn", "struct", "enum", "union"];
    tokens.find(|token| {
        matches!(token, TokenTree::Ident(word) if keywords.iter().any(|keyword| word == keyword))
    })?;
    let name = tokens.next()?.to_string();
    Some(name.trim_start_matches("r#").to_owned())
}

/// The text as rustfmt writes it: it comes with the compiler, so that kr needs no printer of its own.
fn formatted(text: &str) -> Option<String> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // Dropped behind the line, which ends the input.
    rustfmt.stdin.take()?.write_all(text.as_bytes()).ok()?;
    let output = rustfmt.wait_with_output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{formatted, name_of};

    #[test]
    fn an_item_is_asked_for_by_its_name() {
        for (item, name) in [
            (
                "#[locked(\"a\")] pub(crate) async fn visit(a: u8) {}",
                Some("visit"),
            ),
            ("fn r#match<'a>() {}", Some("match")),
            ("pub struct AppState(u8);", Some("AppState")),
            ("const A: u8 = 1;", None),
        ] {
            assert_eq!(name_of(&item.parse().unwrap()).as_deref(), name);
        }
    }

    #[test]
    fn what_cannot_be_formatted_is_left_to_the_caller() {
        assert_eq!(formatted("fn fn"), None);
        if let Some(text) = formatted("fn a ( ) { b ( ) }") {
            assert_eq!(text, "fn a() {\n    b()\n}\n");
        }
    }
}
