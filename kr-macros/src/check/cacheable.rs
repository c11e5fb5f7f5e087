//! `#[kr_route(get, "/path", cached)]`: the response depends on the states alone, as far as the signature tells.

use crate::check::model::Model;
use crate::parse::handler_argument::Argument;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::types::quote_type;

/// Reports the first reason why the response of the handler cannot be cached.
pub(crate) fn check(model: &Model, errors: &mut Errors) {
    let Some(word) = &model.route.options.cached else {
        return;
    };
    let name = model.handler();
    let mut reject = |reason: &str, help: &str| {
        let message = format!("the response of `{name}` cannot be cached: {reason}");
        errors.push(word, Diagnostic::new("KR0023", message).help(help));
    };
    if model.route.method != "Get" {
        let method = model.route.method.to_string().to_lowercase();
        let reason = format!("the function of a `{method}` route runs for each request");
        reject(&reason, "remove `cached`, or write `get`");
    } else if model.is_async {
        let reason = "what it awaits may differ each time";
        reject(reason, "remove `async`, or remove `cached`");
    } else if let Some(reason) = model.arguments.iter().find_map(dependency) {
        let help =
            "remove `cached`; with arguments `&S` alone, the response depends on nothing else";
        reject(&reason, help);
    } else if model.takes_locks() {
        let reason = "it takes its lock each time";
        reject(reason, "remove `exclusive`, or remove `cached`");
    } else if model.states().next().is_none() {
        let reason = "no commit tells when it is out of date";
        reject(reason, "remove `cached`, or borrow a state: `state: &S`");
    }
}

/// Why the response depends on more than committed values, if it does because of this argument.
fn dependency(argument: &Argument) -> Option<String> {
    match argument {
        Argument::State {
            exclusive, state, ..
        } => exclusive.then(|| format!("it changes `{}`", quote_type(state))),
        Argument::Instances { state, .. } => Some(format!(
            "it depends on all instances of `{}`",
            quote_type(state)
        )),
        Argument::Capture { name, .. } => Some(format!("it depends on `{name}` of the path")),
        Argument::Counter { name, .. } => Some(format!(
            "it depends on counter `{name}`, which changes without a commit"
        )),
        Argument::Extractor { ty, .. } => {
            let ty = quote_type(ty);
            Some(format!("it depends on the request, by `{ty}`"))
        }
    }
}
