//! The states that a handler borrows.

use crate::parse::handler_argument::Argument;
use crate::parse::key::Key;
use crate::parse::locked::LockedAttribute;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::suggestion::nearest;
use crate::syntax::types::quote_type;
use quote::ToTokens;
use syn::Ident;
use syn::ext::IdentExt;

/// Reports a state that is borrowed twice.
pub(crate) fn check_distinct(
    handler: &Ident,
    locked: Option<&LockedAttribute>,
    arguments: &[Argument],
    errors: &mut Errors,
) {
    let is_keyed = locked.is_some_and(|locked| {
        let mut keys = locked.keys.iter();
        keys.any(|key| !key.placeholders().is_empty())
    });
    let mut named: Vec<&Ident> = Vec::new();
    let mut named_are_states = true;
    for (name, _) in locked.iter().flat_map(|locked| &locked.named) {
        let text = name.unraw().to_string();
        let is_it = |argument: &Argument| matches!(argument, Argument::State { name: Some(name), .. } if *name == text);
        if named.contains(&name) {
            let message = format!("two keys are given for `{name}` of `{handler}`");
            let help = "keep one of them";
            errors.push(name, Diagnostic::new("KR0319", message).help(help));
        } else if !arguments.iter().any(is_it) {
            named_are_states = false;
            let message = format!("`{handler}` borrows no state by the name `{name}`");
            let unnamed: Vec<&str> = arguments
                .iter()
                .filter_map(|argument| match argument {
                    Argument::State { name, .. } => name.as_deref(),
                    _ => None,
                })
                .filter(|name| locked.is_none_or(|locked| locked.key_of(Some(name)).is_none()))
                .collect();
            let help = match nearest(&text, &unnamed) {
                Some(argument) => format!("did you mean `{argument}`?"),
                None => format!("add an argument `{name}: &mut S`, or remove the key"),
            };
            errors.push(name, Diagnostic::new("KR0319", message).help(help));
        }
        named.push(name);
    }
    let mut unnamed: Vec<(String, Option<&str>)> = Vec::new();
    let mut with_keys: Vec<String> = Vec::new();
    for argument in arguments {
        let Argument::State { state, name, .. } = argument else {
            continue;
        };
        // With a key of its own, it is an instance of its own.
        let argument = name.as_deref();
        if argument.is_some_and(|argument| named.iter().any(|name| *name == argument)) {
            with_keys.push(quote_type(state));
            continue;
        }
        let name = quote_type(state);
        let twin = unnamed.iter().find(|(other, _)| *other == name);
        let twin = twin.map(|(_, argument)| *argument);
        if let Some(earlier) = twin {
            let message = format!("`{name}` is borrowed twice by `{handler}`");
            let help = match locked.filter(|_| is_keyed) {
                // The handler means two instances.
                Some(locked) => two_instances(locked, earlier, argument),
                None => format!("take it once: `&mut {name}` reads as well as writes"),
            };
            errors.push(state, Diagnostic::new("KR0313", message).help(help));
        }
        unnamed.push((name, argument));
    }
    // A key of another name may be meant for the argument, and is reported.
    let Some(locked) = locked.filter(|_| named_are_states) else {
        return;
    };
    for argument in arguments {
        let Argument::State {
            state,
            name: Some(argument),
            ..
        } = argument
        else {
            continue;
        };
        let name = quote_type(state);
        let is_unnamed = unnamed
            .iter()
            .any(|(_, unnamed)| *unnamed == Some(argument));
        if is_unnamed && with_keys.contains(&name) {
            let message = format!(
                "`{name}` is borrowed twice by `{handler}`, and `{argument}` has no key of its own"
            );
            let [key, _] = keys_to_write(locked);
            let help = format!("give it one by its name: `{argument} = {key}`");
            errors.push(state, Diagnostic::new("KR0313", message).help(help));
        }
    }
}

fn two_instances(locked: &LockedAttribute, one: Option<&str>, other: Option<&str>) -> String {
    let [first, second] = keys_to_write(locked);
    let (one, other) = (one.unwrap_or("from"), other.unwrap_or("to"));
    format!(
        "give each of them its key by the name of its argument: `#[locked({one} = {first}, {other} = {second})]`"
    )
}

/// The keys with placeholders that were given for no argument, as literals. Where there are too few, `…` is for the user to
/// fill.
fn keys_to_write(locked: &LockedAttribute) -> [String; 2] {
    let is_template = |key: &&Key| !key.placeholders().is_empty();
    let text = |key: &Key| key.to_token_stream().to_string();
    let unnamed = locked.unnamed();
    let mut unnamed = unnamed.into_iter().filter(is_template).map(text);
    let any = locked.keys.iter().find(is_template);
    let open = any.map_or_else(
        || "\"…:{…}\"".to_owned(),
        |key| {
            let placeholders = key.placeholders();
            placeholders.iter().fold(text(key), |key, placeholder| {
                key.replace(&format!("{{{placeholder}}}"), "{…}")
            })
        },
    );
    [
        unnamed.next().unwrap_or_else(|| open.clone()),
        unnamed.next().unwrap_or(open),
    ]
}
