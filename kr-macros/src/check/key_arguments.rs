//! The arguments that fill the placeholders of lock keys.

use crate::parse::handler_argument::Argument;
use crate::parse::locked::LockedAttribute;
use crate::parse::route_path::Capture;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::suggestion::nearest;
use quote::ToTokens;
use syn::Ident;

/// What fills a placeholder: an argument, or a field in it.
pub(crate) struct KeyPart {
    /// The index of the argument.
    pub(crate) argument: usize,
    /// The fields that lead to the part.
    pub(crate) fields: Vec<String>,
}

/// For each key with placeholders, what fills them.
pub(crate) fn resolve(
    handler: &Ident,
    locked: Option<&LockedAttribute>,
    captures: &[Capture],
    arguments: &[Argument],
    errors: &mut Errors,
) -> Vec<Vec<KeyPart>> {
    let keys = locked
        .map(|locked| locked.keys.as_slice())
        .unwrap_or_default();
    let mut resolved = Vec::new();
    for key in keys {
        let placeholders = key.placeholders();
        if placeholders.is_empty() {
            continue;
        }
        let mut parts = Vec::new();
        let count = placeholders.len();
        for placeholder in placeholders {
            let mut path = placeholder.split('.');
            let root = path.next().unwrap_or_default();
            let name = root.strip_prefix("r#").unwrap_or(root);
            let fields: Vec<String> = path.map(ToOwned::to_owned).collect();
            let is_named = |argument: &Argument| argument.is_capture(name) || argument.binds(name);
            let index = arguments.iter().position(is_named);
            match index {
                Some(argument) if fields.is_empty() && arguments[argument].is_capture(name) => {
                    parts.push(KeyPart { argument, fields });
                }
                Some(argument) if count == 1 => parts.push(KeyPart { argument, fields }),
                Some(_) => {
                    let message = format!(
                        "`{placeholder}` is not the whole key, and only captures of the path can be parts of one"
                    );
                    let help = "give the argument a field that is a tuple with all parts, and write that alone";
                    errors.push(key, Diagnostic::new("KR0309", message).help(help));
                }
                // A capture without an argument is already reported.
                None if captures.iter().any(|capture| capture.name == name) => {}
                None => {
                    let message = match placeholder.contains('.') {
                        true => format!("no argument of `{handler}` binds `{name}`"),
                        false => format!("no capture `{name}` in the path of `{handler}`"),
                    };
                    let key_text = key.to_token_stream().to_string();
                    let help = match placeholder.contains('.') {
                        true => format!("take it as an argument, such as `Json({name}): Json<T>`"),
                        false if lists_only(arguments) => {
                            let all = key_text.replace(&format!("{{{placeholder}}}"), "*");
                            format!("write `{all}` to list all instances")
                        }
                        false => suggestion(&key_text, &placeholder, captures),
                    };
                    errors.push(key, Diagnostic::new("KR0309", message).help(help));
                }
            }
        }
        resolved.push(parts);
    }
    let mut templates = keys.iter().filter(|key| !key.placeholders().is_empty());
    if let Some(fifth) = templates.nth(4) {
        let message = format!("`{handler}` holds more than four locks that depend on arguments");
        let help = "keep four of them; `Host::update_many` takes any number";
        errors.push(fifth, Diagnostic::new("KR0309", message).help(help));
    }
    resolved
}

/// Whether the handler borrows no single instance, and a list of them.
fn lists_only(arguments: &[Argument]) -> bool {
    let mut states = arguments.iter();
    let lists = arguments
        .iter()
        .any(|argument| matches!(argument, Argument::Instances { .. }));
    lists && !states.any(|argument| matches!(argument, Argument::State { .. }))
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
            format!(
                "add `{{{placeholder}}}` to the path, and an argument `{placeholder}: u64`, or of another type if the host keeps the instances by that"
            )
        }
        (None, names) => format!("write one of `{{{}}}`", names.join("}`, `{")),
    }
}
