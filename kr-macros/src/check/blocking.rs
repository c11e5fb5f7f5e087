//! `#[kr_route(…, blocking)]`: the function runs in a thread of its own.

use crate::check::model::Model;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;

/// Reports an async function, which waits without a thread.
pub(crate) fn check(model: &Model, errors: &mut Errors) {
    let Some(word) = &model.route.options.blocking else {
        return;
    };
    if model.is_async {
        let name = model.handler();
        let message = format!(
            "`{name}` is `async`, so it runs on a worker of the runtime, not in a thread of its own"
        );
        let help = "remove `async`, or remove `blocking` and call what blocks in `tokio::task::spawn_blocking`";
        errors.push(word, Diagnostic::new("KR0025", message).help(help));
    }
}
