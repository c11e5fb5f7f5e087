//! `#[kr_route(…, example = {…})]`: an example of the body that the handler takes.

use crate::check::model::Model;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;

/// Reports an example of a body that nothing reads.
pub(crate) fn check(model: &Model, errors: &mut Errors) {
    let Some(example) = &model.route.options.tags.example else {
        return;
    };
    if !model.reads_body() {
        let message = format!(
            "`{}` has an example of a body, and takes none",
            model.handler()
        );
        let help = "remove `example`, or take a body, such as `Json<T>`";
        errors.push(example, Diagnostic::new("KR0031", message).help(help));
    }
}
