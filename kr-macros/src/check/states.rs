//! The states that a handler borrows.

use crate::parse::handler_argument::Argument;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::types::quote_type;
use syn::Ident;

/// Reports a state that is borrowed twice.
pub(crate) fn check_distinct(handler: &Ident, arguments: &[Argument], errors: &mut Errors) {
    let mut seen: Vec<String> = Vec::new();
    for argument in arguments {
        let Argument::State { state, .. } = argument else {
            continue;
        };
        let name = quote_type(state);
        if seen.contains(&name) {
            let message = format!("`{name}` is borrowed twice by `{handler}`");
            let help = format!("take it once: `&mut {name}` reads as well as writes");
            errors.push(state, Diagnostic::new("KR0313", message).help(help));
        }
        seen.push(name);
    }
}
