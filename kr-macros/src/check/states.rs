//! The states that a handler borrows.

use crate::parse::handler_argument::Argument;
use crate::parse::locked::LockedAttribute;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::types::quote_type;
use syn::Ident;

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
    let mut seen: Vec<String> = Vec::new();
    for argument in arguments {
        let Argument::State { state, .. } = argument else {
            continue;
        };
        let name = quote_type(state);
        if seen.contains(&name) {
            let message = format!("`{name}` is borrowed twice by `{handler}`");
            let help = match is_keyed {
                // The handler means two instances.
                true => format!(
                    "a handler borrows one instance; to change several together, take the host as `Extension(host): Extension<Site>`, and write `host.update_many((host.{field}.at(&from), host.{field}.at(&to)), |(from, to)| …).await`",
                    field = field_name(&name)
                ),
                false => format!("take it once: `&mut {name}` reads as well as writes"),
            };
            errors.push(state, Diagnostic::new("KR0313", message).help(help));
        }
        seen.push(name);
    }
}

/// What the host's field of a state is probably called: `accounts` for `bank::Account`.
fn field_name(state: &str) -> String {
    let last = state.rsplit("::").next().unwrap_or(state);
    format!("{}s", last.to_lowercase())
}
