//! The states that a handler borrows.

use crate::parse::handler_argument::Argument;
use crate::parse::locked::LockedAttribute;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::types::quote_type;
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
    for (name, _) in locked.iter().flat_map(|locked| &locked.named) {
        let text = name.unraw().to_string();
        let is_it = |argument: &Argument| matches!(argument, Argument::State { name: Some(name), .. } if *name == text);
        if named.contains(&name) {
            let message = format!("two keys are given for `{name}` of `{handler}`");
            let help = "keep one of them";
            errors.push(name, Diagnostic::new("KR0319", message).help(help));
        } else if !arguments.iter().any(is_it) {
            let message = format!("`{handler}` borrows no state by the name `{name}`");
            let help = format!("add an argument `{name}: &mut S`, or remove the key");
            errors.push(name, Diagnostic::new("KR0319", message).help(help));
        }
        named.push(name);
    }
    let mut seen: Vec<String> = Vec::new();
    for argument in arguments {
        let Argument::State {
            state,
            name: argument,
            ..
        } = argument
        else {
            continue;
        };
        // With a key of its own, it is an instance of its own.
        if argument
            .as_ref()
            .is_some_and(|argument| named.iter().any(|name| *name == argument))
        {
            continue;
        }
        let name = quote_type(state);
        if seen.contains(&name) {
            let message = format!("`{name}` is borrowed twice by `{handler}`");
            let help = match is_keyed {
                // The handler means two instances.
                true => format!(
                    "give each of them its key by the name of its argument: `#[locked(from = \"…:{{a}}\", to = \"…:{{b}}\")]` with `from: &mut {name}, to: &mut {name}`"
                ),
                false => format!("take it once: `&mut {name}` reads as well as writes"),
            };
            errors.push(state, Diagnostic::new("KR0313", message).help(help));
        }
        seen.push(name);
    }
}
