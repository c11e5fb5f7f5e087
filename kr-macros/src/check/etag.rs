//! `#[kr_route(…, etag)]`: the response has the revision of the states as its tag.

use crate::check::model::Model;
use crate::check::revision::one_instance;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;

/// Reports the first reason why there is no such tag.
pub(crate) fn check(model: &Model, errors: &mut Errors) {
    let Some(word) = &model.route.options.etag else {
        return;
    };
    let name = model.handler();
    let method = model.route.method.to_string().to_lowercase();
    let reads = method == "get" || method == "head";
    let (reason, help) = if model.states().next().is_none() {
        (
            "it borrows no state that has a revision",
            "remove `etag`, or borrow a state: `state: &S`",
        )
    } else if reads && model.takes_locks() {
        (
            "a tag says what a client has read, and the function changes it or holds its lock",
            "remove `etag`, or write `post`, `put`, `patch` or `delete`",
        )
    } else if !reads && !model.writes() {
        (
            "with this method, `etag` protects a change, and the function changes no state",
            "remove `etag`, write `get`, or borrow the state with `&mut`",
        )
    } else if !one_instance(model) {
        (
            "it borrows several instances, and each has revisions of its own",
            "remove `etag`, or borrow one instance",
        )
    } else {
        return;
    };
    let message = format!("the response of `{name}` cannot have an `etag`: {reason}");
    errors.push(word, Diagnostic::new("KR0029", message).help(help));
}
