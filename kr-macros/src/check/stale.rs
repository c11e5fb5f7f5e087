//! `stale` in `#[locked(…)]`: the handler may read values that are not the newest.

use crate::check::model::Model;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;

/// Reports a handler that changes state, which always starts from the newest values.
pub(crate) fn check(model: &Model, errors: &mut Errors) {
    let word = model
        .locked
        .as_ref()
        .and_then(|locked| locked.stale_word.as_ref());
    if let Some(word) = word.filter(|_| model.takes_locks()) {
        let message = format!(
            "`{}` holds its locks, so it has the newest values and none that are `stale`",
            model.handler()
        );
        let help = "remove `stale`, or borrow the states with `&`";
        errors.push(word, Diagnostic::new("KR0320", message).help(help));
    }
}
