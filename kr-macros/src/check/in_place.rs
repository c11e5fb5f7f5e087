//! `in_place` in `#[locked(…)]`: the handler changes its states where they are.

use crate::parse::handler_argument::Argument;
use crate::parse::locked::LockedAttribute;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::types::quote_type;
use syn::Ident;

/// Reports a handler that could pause in the middle of a change, or that changes nothing.
pub(crate) fn check(
    handler: &Ident,
    locked: &LockedAttribute,
    is_async: bool,
    arguments: &[Argument],
    errors: &mut Errors,
) {
    let Some(word) = &locked.in_place else {
        return;
    };
    let is_changed = |argument: &Argument| {
        matches!(
            argument,
            Argument::State {
                exclusive: true,
                ..
            }
        )
    };
    let may_be_absent = arguments.iter().find_map(|argument| match argument {
        Argument::State {
            state,
            exclusive: true,
            optional: true,
            ..
        } => Some(quote_type(state)),
        _ => None,
    });
    if let Some(state) = may_be_absent {
        let message = format!(
            "`{handler}` may make or remove `{state}`, so it works on a draft and not in place"
        );
        let help = format!("remove `in_place`, or borrow `&mut {state}`");
        errors.push(word, Diagnostic::new("KR0316", message).help(help));
    } else if is_async {
        let message = format!(
            "`{handler}` changes state in place, so it cannot be `async`: a pause would show half a change"
        );
        let help = "remove `async`, or remove `in_place` to work on a draft";
        errors.push(word, Diagnostic::new("KR0316", message).help(help));
    } else if !arguments.iter().any(is_changed) {
        let message = format!("`{handler}` changes no state, in place or otherwise");
        let help = "remove `in_place`, or borrow a state with `&mut`";
        errors.push(word, Diagnostic::new("KR0316", message).help(help));
    }
}
