//! The captures of the path, each of which is an argument of the handler.

use crate::parse::handler_argument::Argument;
use crate::parse::route::RouteAttribute;
use crate::parse::route_path::Capture;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::types::{inner_type, last_segment};
use syn::{Ident, Type};

/// Reports captures that no argument takes.
pub(crate) fn check_used(
    handler: &Ident,
    route: &RouteAttribute,
    captures: &[Capture],
    arguments: &[Argument],
    errors: &mut Errors,
) {
    let all = arguments.iter().find_map(|argument| match argument {
        Argument::Extractor { ty, .. }
            if last_segment(ty).is_some_and(|last| {
                ["Path", "RawPathParams", "Request"]
                    .iter()
                    .any(|name| last == name)
            }) =>
        {
            Some(ty)
        }
        _ => None,
    });
    if let Some(all) = all {
        if let Some(Type::Tuple(tuple)) = inner_type(all)
            && last_segment(all).is_some_and(|last| last == "Path")
            && tuple.elems.len() != captures.len()
        {
            let count = |count: usize, what: &str| {
                format!("{count} {what}{}", if count == 1 { "" } else { "s" })
            };
            let message = format!(
                "the path of `{handler}` has {}, and this takes {}",
                count(captures.len(), "capture"),
                count(tuple.elems.len(), "value")
            );
            let help =
                "name one type for each `{capture}`, or take each as an argument of its name";
            errors.push(all, Diagnostic::new("KR0020", message).help(help));
        }
        return;
    }
    for capture in captures {
        if arguments
            .iter()
            .any(|argument| argument.is_capture(&capture.name))
        {
            continue;
        }
        let name = &capture.name;
        let message = format!("capture `{name}` is never used by `{handler}`");
        let argument = match syn::parse_str::<Ident>(name) {
            Ok(_) => name.clone(),
            Err(_) => format!("r#{name}"),
        };
        let help = format!(
            "add an argument `{argument}: String`, or of any type that implements `Deserialize`"
        );
        errors.push(&route.path, Diagnostic::new("KR0019", message).help(help));
    }
}
