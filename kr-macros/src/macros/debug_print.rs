//! `KR_MACROS_DEBUG=visit` prints the expansion of the item `visit` to standard error while it compiles; `*` prints all.

use crate::syntax::item::after_keyword;
use proc_macro2::TokenStream;
use std::io::Write;
use std::process::{Command, Stdio};

const VARIABLE: &str = "KR_MACROS_DEBUG";

/// Returns the expansion, and prints it if the variable names the item.
pub(crate) fn debug_print(item: &TokenStream, expanded: TokenStream) -> TokenStream {
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
    let mut tokens = after_keyword(item, &["fn", "struct", "enum", "union"])?;
    let name = tokens.next()?.to_string();
    Some(name.trim_start_matches("r#").to_owned())
}

/// The text as rustfmt formats it. rustfmt comes with the compiler, so kr needs no printer of its own.
fn formatted(text: &str) -> Option<String> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    // The pipe is dropped at the end of the statement, which ends the input.
    rustfmt.stdin.take()?.write_all(text.as_bytes()).ok()?;
    let output = rustfmt.wait_with_output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{formatted, name_of};

    #[test]
    fn the_variable_names_an_item() {
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
    fn text_that_cannot_be_formatted_is_left_to_the_caller() {
        assert_eq!(formatted("fn fn"), None);
        if let Some(text) = formatted("fn a ( ) { b ( ) }") {
            assert_eq!(text, "fn a() {\n    b()\n}\n");
        }
    }
}
