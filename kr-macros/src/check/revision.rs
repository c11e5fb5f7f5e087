//! `revision: Revision`: the revision of the states that the handler borrows.

use crate::check::model::Model;
use crate::parse::handler_argument::Argument;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;

/// Reports a revision of nothing, and one of several instances.
pub(crate) fn check(model: &Model, errors: &mut Errors) {
    let name = model.handler();
    for argument in &model.arguments {
        let Argument::Revision { ty } = argument else {
            continue;
        };
        if model.states().next().is_none() {
            let message = format!("`{name}` borrows no state that has a revision");
            let help = "borrow the state: `state: &S`, or `state: &mut S` to change it";
            errors.push(ty, Diagnostic::new("KR0222", message).help(help));
        } else if !one_instance(model) {
            let message =
                format!("`{name}` borrows several instances, and each has revisions of its own");
            let help = "borrow the host and read them: `host.read_many(…)` returns each with its `revision()`";
            errors.push(ty, Diagnostic::new("KR0222", message).help(help));
        }
    }
}

/// Whether no two states are those of different keys.
pub(crate) fn one_instance(model: &Model) -> bool {
    let names: Vec<_> = model.named_states().map(|(_, name)| name).collect();
    let mut others = names.iter().skip(1);
    others.all(|name| model.key_number(*name) == model.key_number(names[0]))
}
