//! `#[locked(…)]` above `#[kr_route(…)]`. Below it, `#[kr_route]` handles both.

use crate::expand::placeholder::on_error;
use crate::expand::unparsable_handler::unparsable_handler;
use crate::macros::handler::{
    arguments_of, attribute_span, expand_route, failed, function, report_second_route,
};
use crate::parse::{self, crate_argument, route};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::function::Function;
use crate::syntax::runtime_path::RuntimePath;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

pub(crate) fn locked(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let span = attribute_span(&item);
    let mut function = match function(&item, "locked", span, &mut errors) {
        Ok(function) => function,
        Err(Some(error)) => return unparsable_handler(TokenStream::new(), &item, &error),
        Err(None) => return failed(errors, &item),
    };
    let mut routes = function.take_attributes("kr_route").into_iter();
    let Some(route) = routes.next() else {
        return without_route(span, function, errors);
    };
    // An error needs a token to point at, and the attribute itself is not part of the item.
    let at = Ident::new("locked", span);
    let locked = parse::locked::parse(arguments, &at, &mut errors);
    let mut consumed = vec![route.path().clone()];
    for second in routes {
        report_second_route(&function, &second, &mut errors);
        consumed.push(second.path().clone());
    }
    let arguments = arguments_of(&route, "KR0001", route::USAGE, &mut errors);
    let route_span = route.pound_token.span();
    expand_route(
        arguments,
        route_span,
        function,
        Some(locked),
        consumed,
        errors,
    )
}

/// Reports a function that is no route, or whose `#[kr_route]` is imported under another name.
fn without_route(span: Span, mut function: Function, mut errors: Errors) -> TokenStream {
    let name = function.signature.ident.unraw();
    let renamed = function.attributes.iter().position(|attribute| {
        let list = attribute.meta.require_list();
        list.is_ok_and(|list| route::is_route(list.tokens.clone()))
    });
    let Some(renamed) = renamed else {
        let message = format!("`#[locked]` guards a route, and `{name}` is not one");
        let help = "add `#[kr_route(post, \"/path\")]`; a plain function needs no lock of its own: it takes `&mut S` from its caller";
        errors.push_at(span, Diagnostic::new("KR0301", message).help(help));
        return failed(errors, &function.to_token_stream());
    };
    let renamed = function.attributes.remove(renamed);
    let mut runtime_path = RuntimePath::default();
    if let Ok(list) = renamed.meta.require_list() {
        crate_argument::take(&mut runtime_path, list.tokens.clone(), &mut errors);
    }
    let consumed = renamed.path().clone();
    let route = quote!(#consumed).to_string().replace(' ', "");
    let message = format!("`#[locked]` does not know that `#[{route}]` makes `{name}` a route");
    let help = format!("put `#[locked]` below `#[{route}(…)]`");
    errors.push_at(span, Diagnostic::new("KR0315", message).help(help));
    let function = on_error(&function, &vec![consumed], &runtime_path);
    let errors = errors.into_tokens();
    quote!(#function #errors)
}
