//! `#[kr_route(…, idempotent)]`: the response is kept with the commit.

use crate::check::model::Model;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::types::mentions;
use syn::ReturnType;

/// What a response is streamed from.
const STREAMS: [&str; 3] = ["Sse", "Body", "StreamBody"];

/// Reports the first reason why the response of the handler cannot be kept with a commit.
pub(crate) fn check(model: &Model, errors: &mut Errors) {
    let options = &model.route.options;
    let Some(word) = &options.idempotent else {
        return;
    };
    let name = model.handler();
    let method = model.route.method.to_string().to_lowercase();
    let in_place = model
        .locked
        .as_ref()
        .and_then(|locked| locked.in_place.as_ref());
    let mut reject = |reason: &str, help: &str| {
        let message =
            format!("no response of `{name}` can be kept for a repeated request: {reason}");
        errors.push(word, Diagnostic::new("KR0027", message).help(help));
    };
    if !matches!(method.as_str(), "post" | "put" | "patch" | "delete") {
        let reason = format!("clients repeat a `{method}` as they like");
        reject(&reason, "remove `idempotent`, or write `post`");
    } else if options.cached.is_some() || options.live.is_some() {
        // That is an error already, since both are for `get`.
    } else if !model.states().any(|(_, exclusive)| exclusive) {
        let reason = "it commits nothing that the response could be kept with";
        let help = "remove `idempotent`, or borrow a state with `&mut`: `state: &mut S`";
        reject(reason, help);
    } else if in_place.is_some() {
        let reason =
            "what it changes in place cannot be rolled back if its response cannot be kept";
        reject(reason, "remove `in_place`, or remove `idempotent`");
    } else if let ReturnType::Type(_, output) = &model.output
        && let Some(stream) = STREAMS.iter().find(|stream| mentions(output, stream))
    {
        let reason = format!("`{stream}` is sent piece by piece, and nothing of it stays");
        let help = "return data that is complete, such as `Json<T>`, or remove `idempotent`";
        reject(&reason, help);
    }
}
