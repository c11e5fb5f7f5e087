//! All checks of a handler.

use crate::check::model::Model;
use crate::check::{
    blocking, body, cacheable, captures, etag, example, function_kind, idempotent, in_place,
    key_arguments, output, revision, stale, states,
};
use crate::parse::handler_argument::{self, Argument};
use crate::parse::locked::LockedAttribute;
use crate::parse::route::RouteAttribute;
use crate::parse::route_path;
use crate::syntax::errors::Errors;
use crate::syntax::function::Function;
use crate::syntax::lifetimes::elide;
use quote::ToTokens;
use syn::ReturnType;
use syn::ext::IdentExt;

/// The output with `'_` for the lifetimes that the function declares. Generated code cannot name them.
fn without_lifetimes(function: &Function) -> ReturnType {
    let signature = &function.signature;
    let tokens = signature
        .generics
        .lifetimes()
        .fold(signature.output.to_token_stream(), |tokens, declared| {
            elide(tokens, &declared.lifetime)
        });
    syn::parse2(tokens).unwrap_or_else(|_| signature.output.clone())
}

/// Checks everything that the tokens tell, and reports each error. `None` if there is no valid route.
pub(crate) fn check(
    function: &Function,
    route: Option<RouteAttribute>,
    locked: Option<LockedAttribute>,
    errors: &mut Errors,
) -> Option<Model> {
    let signature = &function.signature;
    let handler = signature.ident.unraw();
    function_kind::check(function, errors);
    let mut path_errors = Errors::default();
    let captures = route
        .as_ref()
        .map(|route| route_path::captures(&route.path, &mut path_errors))
        .unwrap_or_default();
    let is_path_valid = path_errors.is_empty();
    errors.append(path_errors);
    let arguments = handler_argument::arguments(function, &captures, errors);
    let lists = |argument: &Argument| matches!(argument, Argument::Instances { .. });
    let mut locked = locked;
    if let Some(locked) = locked.as_mut().filter(|_| arguments.iter().any(lists)) {
        locked.take_listed();
    }
    if let Some(route) = &route {
        captures::check_used(&handler, route, &captures, &arguments, errors);
        // An argument that looks like a body may be meant for a capture that could not be parsed.
        if is_path_valid {
            body::check_method(&handler, route, &arguments, errors);
        }
    }
    body::check_order(&arguments, errors);
    states::check_distinct(&handler, locked.as_ref(), &arguments, errors);
    let is_async = signature.asyncness.is_some();
    if let Some(locked) = &locked {
        in_place::check(&handler, locked, is_async, &arguments, errors);
    }
    let key_arguments =
        key_arguments::resolve(&handler, locked.as_ref(), &captures, &arguments, errors);
    let model = Model {
        name: signature.ident.clone(),
        route: route?,
        locked,
        arguments,
        is_async,
        output: without_lifetimes(function),
        captures: captures.into_iter().map(|capture| capture.name).collect(),
        key_arguments,
    };
    if model.takes_locks() {
        output::check_owned(&model, errors);
    }
    cacheable::check(&model, errors);
    idempotent::check(&model, errors);
    blocking::check(&model, errors);
    etag::check(&model, errors);
    example::check(&model, errors);
    revision::check(&model, errors);
    stale::check(&model, errors);
    Some(model)
}
