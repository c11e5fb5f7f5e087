//! What a handler may not do with the host, which it borrows like a state. Only types tell which of the two it is.

use crate::check::model::Model;
use crate::parse::handler_argument::Argument;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::spans::{spanned_function, start_and_end};
use crate::syntax::types::quote_type;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::Type;

/// The statement that reports a mistake if the borrowed type is the host. `None` if there is none.
pub(crate) fn misuse(model: &Model, state: &Type, exclusive: bool) -> Option<TokenStream> {
    let message = mistake(model, state, exclusive)?.text();
    let assert_holds = spanned_function(state, "assert_holds");
    let (_, end) = start_and_end(state);
    Some(quote_spanned! {end=>
        #assert_holds(!::kr_runtime::__private::HostProbe::<#state>::IS_HOST, #message);
    })
}

fn mistake(model: &Model, state: &Type, exclusive: bool) -> Option<Diagnostic> {
    let (ty, handler) = (quote_type(state), model.handler());
    if exclusive {
        let message = format!("`{ty}` is a host, which is not changed itself");
        let help = format!(
            "write `&mut S` for the `S` of one of its fields, or `&{ty}` to call `update` in an async handler"
        );
        return Some(Diagnostic::new("KR0207", message).help(help));
    }
    if is_optional(model, state) {
        let message = format!("`{ty}` is a host, which is always there");
        return Some(Diagnostic::new("KR0208", message).help(format!("write `&{ty}`")));
    }
    let options = &model.route.options;
    for (word, code, cannot) in [
        (&options.cached, "KR0023", "cannot be cached"),
        (&options.live, "KR0026", "cannot be followed"),
    ] {
        if let Some(word) = word {
            let message = format!(
                "the response of `{handler}` {cannot}: it may depend on anything in host `{ty}`"
            );
            let help = format!("remove `{word}`, or borrow the states that it depends on");
            return Some(Diagnostic::new(code, message).help(help));
        }
    }
    let locked = model.locked.as_ref().filter(|locked| !locked.exclusive)?;
    if model.states().count() == 1 && !locked.keys.is_empty() {
        let message =
            format!("`{handler}` names a lock and holds none: `{ty}` is a host, which has no lock");
        let help = "remove `#[locked]`: `read` and `update` of the host take the locks that they need; or write `exclusive` after the keys to hold them while the function runs";
        return Some(Diagnostic::new("KR0305", message).help(help));
    }
    None
}

/// Whether the type is borrowed in an `Option`.
fn is_optional(model: &Model, ty: &Type) -> bool {
    model.arguments.iter().any(|argument| {
        matches!(argument, Argument::State { state, optional: true, .. } if std::ptr::eq(state, ty))
    })
}
