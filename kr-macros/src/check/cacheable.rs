//! `cached` and `live` in `#[kr_route(…)]`: the response depends on the states alone, as far as the signature tells.

use crate::check::model::Model;
use crate::parse::handler_argument::Argument;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::types::quote_type;
use syn::Ident;

/// Reports the first reason why the response of the handler cannot be cached, and the first why it cannot be followed.
pub(crate) fn check(model: &Model, errors: &mut Errors) {
    if let Some(word) = &model.route.options.cached {
        let what = StateResponse {
            word,
            code: "KR0023",
            cannot: "cannot be cached",
            may_have_captures: false,
        };
        what.check(model, errors);
    }
    if let Some(word) = &model.route.options.live {
        let what = StateResponse {
            word,
            code: "KR0026",
            cannot: "cannot be followed",
            may_have_captures: true,
        };
        what.check(model, errors);
        if let Some(blocking) = &model.route.options.blocking {
            let message = format!(
                "the response of `{}` cannot be followed: it would be made in a thread of its own after every commit",
                model.handler()
            );
            let help = "remove `blocking`, or remove `live`";
            errors.push(blocking, Diagnostic::new("KR0026", message).help(help));
        }
    }
}

/// An option for responses that depend on the states alone.
struct StateResponse<'a> {
    word: &'a Ident,
    code: &'static str,
    cannot: &'static str,
    may_have_captures: bool,
}

impl StateResponse<'_> {
    fn check(&self, model: &Model, errors: &mut Errors) {
        let Self { word, cannot, .. } = self;
        let name = model.handler();
        let mut reject = |reason: &str, help: &str| {
            let message = format!("the response of `{name}` {cannot}: {reason}");
            errors.push(word, Diagnostic::new(self.code, message).help(help));
        };
        if model.route.method != "Get" {
            let method = model.route.method.to_string().to_lowercase();
            let reason = format!("the function of a `{method}` route runs for each request");
            reject(&reason, &format!("remove `{word}`, or write `get`"));
        } else if model.is_async {
            let reason = "what it awaits may differ each time";
            reject(reason, &format!("remove `async`, or remove `{word}`"));
        } else if let Some(reason) = model
            .arguments
            .iter()
            .find_map(|argument| self.dependency(argument))
        {
            let allowed = match self.may_have_captures {
                true => "`&S` and captures",
                false => "`&S`",
            };
            let help = format!(
                "remove `{word}`; with arguments {allowed} alone, the response depends on nothing else"
            );
            reject(&reason, &help);
        } else if model.takes_locks() {
            let reason = "it takes its lock each time";
            reject(reason, &format!("remove `exclusive`, or remove `{word}`"));
        } else if model.states().next().is_none() {
            let reason = "no commit tells when it is out of date";
            let help = format!("remove `{word}`, or borrow a state: `state: &S`");
            reject(reason, &help);
        }
    }

    /// Why the response depends on more than committed values, if it does because of this argument.
    fn dependency(&self, argument: &Argument) -> Option<String> {
        match argument {
            Argument::State {
                exclusive, state, ..
            } => exclusive.then(|| format!("it changes `{}`", quote_type(state))),
            Argument::Instances { state, .. } => Some(format!(
                "it depends on all instances of `{}`",
                quote_type(state)
            )),
            // A commit makes a new response.
            Argument::Revision { .. } => None,
            Argument::Capture { .. } if self.may_have_captures => None,
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
}
