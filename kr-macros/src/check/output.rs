//! What a handler returns.

use crate::check::model::Model;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::types::{bare, borrows, inner_type, last_segment, mentions, quote_type};
use quote::ToTokens;
use syn::{ReturnType, Type};

/// Reports output of a handler that holds locks which may borrow, since it becomes a response after they are released, or
/// which may be a `Result` without saying so, since its `Err` rolls back.
pub(crate) fn check_owned(model: &Model, errors: &mut Errors) {
    let ReturnType::Type(_, output) = &model.output else {
        return;
    };
    let name = model.handler();
    if borrows(output.to_token_stream()) {
        let message = format!(
            "`{name}` must return owned data: the response is built after its lock is released"
        );
        let help = "return a copy, such as `String` for `&str`; a handler that only takes `&S` may return borrowed data";
        errors.push(output, Diagnostic::new("KR0212", message).help(help));
    } else if model.writes() && is_opaque(output) {
        let message = format!(
            "`{name}` must not hide whether it returns a `Result`: its `Err` would roll back"
        );
        let is_in_place = model
            .locked
            .as_ref()
            .is_some_and(|locked| locked.in_place.is_some());
        // In place, nothing can be rolled back.
        let help = match is_in_place {
            true => {
                "write the type itself, such as `Json<T>`, `StatusCode` or `kr_runtime::axum::response::Response`"
            }
            false => {
                "write the type itself, such as `Json<T>` or `StatusCode`, or `Result<impl IntoResponse + use<>, Problem>`"
            }
        };
        errors.push(output, Diagnostic::new("KR0213", message).help(help));
    } else if mentions(output, "impl")
        && !mentions(output, "use")
        && model.states().next().is_some()
    {
        let message = format!(
            "`{name}` must say that its response borrows nothing: it is built after the lock is released"
        );
        let help = match bare(output) {
            Type::ImplTrait(_) => format!("write `{} + use<>`", quote_type(output)),
            _ => "write `+ use<>` behind the `impl …`".to_owned(),
        };
        errors.push(output, Diagnostic::new("KR0213", message).help(help));
    }
}

/// Whether the output, or what an `Update` is of, has no name.
fn is_opaque(output: &Type) -> bool {
    match bare(output) {
        Type::ImplTrait(_) => true,
        ty if last_segment(ty).is_some_and(|last| last == "Update") => {
            inner_type(ty).is_some_and(is_opaque)
        }
        _ => false,
    }
}
