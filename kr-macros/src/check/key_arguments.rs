//! The arguments that fill the placeholders of lock keys.

use crate::parse::handler_argument::Argument;
use crate::parse::locked::LockedAttribute;
use crate::parse::route_path::Capture;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::suggestion::nearest;
use quote::ToTokens;
use syn::Ident;

/// For each key with placeholders, the indexes of the arguments that fill them.
pub(crate) fn resolve(
    handler: &Ident,
    locked: Option<&LockedAttribute>,
    captures: &[Capture],
    arguments: &[Argument],
    errors: &mut Errors,
) -> Vec<Vec<usize>> {
    let keys = locked
        .map(|locked| locked.keys.as_slice())
        .unwrap_or_default();
    let mut resolved = Vec::new();
    for key in keys {
        let placeholders = key.placeholders();
        if placeholders.is_empty() {
            continue;
        }
        let mut indexes = Vec::new();
        for placeholder in placeholders {
            let name = placeholder.strip_prefix("r#").unwrap_or(&placeholder);
            let index = arguments
                .iter()
                .position(|argument| argument.is_capture(name));
            match index {
                Some(index) => indexes.push(index),
                // A capture without an argument is already reported.
                None if captures.iter().any(|capture| capture.name == name) => {}
                None => {
                    let message = format!("no capture `{name}` in the path of `{handler}`");
                    let key_text = key.to_token_stream().to_string();
                    let help = suggestion(&key_text, &placeholder, captures);
                    errors.push(key, Diagnostic::new("KR0309", message).help(help));
                }
            }
        }
        resolved.push(indexes);
    }
    let mut templates = keys.iter().filter(|key| !key.placeholders().is_empty());
    if let Some(fifth) = templates.nth(4) {
        let message = format!("`{handler}` holds more than four locks that depend on arguments");
        let help = "keep four of them; `Host::update_many` takes any number";
        errors.push(fifth, Diagnostic::new("KR0309", message).help(help));
    }
    resolved
}

/// What to write instead of a key whose placeholder names no capture.
fn suggestion(key: &str, placeholder: &str, captures: &[Capture]) -> String {
    let names: Vec<&str> = captures
        .iter()
        .map(|capture| capture.name.as_str())
        .collect();
    match (nearest(placeholder, &names), names.as_slice()) {
        (Some(name), _) | (None, &[name]) => {
            let key = key.replace(&format!("{{{placeholder}}}"), &format!("{{{name}}}"));
            format!("write `{key}`")
        }
        (None, []) => {
            format!("add `{{{placeholder}}}` to the path, and an argument `{placeholder}: u64`")
        }
        (None, names) => format!("write one of `{{{}}}`", names.join("}`, `{")),
    }
}
