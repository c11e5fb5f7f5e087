//! `#[kr_route]`, and `#[locked]` with it: parse, check, expand.

use crate::check::{function_kind as shape, handler as check};
use crate::expand::handler::Consumed;
use crate::expand::{handler as expand, unparsable_handler as unread};
use crate::parse::locked::{self, Locked};
use crate::parse::route as parse;
use crate::syntax::diagnostic::{Mistake, Sink};
use crate::syntax::function::{Function, is_function, without_attributes};
use crate::syntax::runtime_path::Root;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Ident, Meta};

/// `#[kr_route(…)]` stands above `#[locked(…)]`, or alone.
pub(crate) fn kr_route(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut sink = Sink::default();
    let here = attribute_above(&item);
    let function = match function(&item, "kr_route", here, &mut sink) {
        Ok(function) => function,
        Err(Some(error)) => return unread::unread(arguments, &item, &error),
        Err(None) => return failed(sink, &item),
    };
    expand_route(Some(arguments), here, function, None, Vec::new(), sink)
}

/// `#[locked(…)]` stands above `#[kr_route(…)]`, which it takes along, or where it does not belong.
pub(crate) fn locked(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut sink = Sink::default();
    let here = attribute_above(&item);
    let mut function = match function(&item, "locked", here, &mut sink) {
        Ok(function) => function,
        Err(Some(error)) => return unread::unread(TokenStream::new(), &item, &error),
        Err(None) => return failed(sink, &item),
    };
    let mut routes = function.take_attributes("kr_route").into_iter();
    let Some(route) = routes.next() else {
        return without_route(here, function, sink);
    };
    let locked = locked::parse(arguments, &spot(here), &mut sink);
    let mut consumed = vec![route.path().clone()];
    for second in routes {
        two_routes(&function, &second, &mut sink);
        consumed.push(second.path().clone());
    }
    let arguments = arguments_of(&route, "KR0001", parse::USAGE, &mut sink);
    let at = route.pound_token.span();
    expand_route(arguments, at, function, Some(locked), consumed, sink)
}

fn expand_route(
    arguments: Option<TokenStream>,
    at: Span,
    mut function: Function,
    mut locked: Option<Locked>,
    mut consumed: Consumed,
    mut sink: Sink,
) -> TokenStream {
    for attribute in function.take_attributes("locked") {
        if locked.is_some() {
            let mistake = Mistake::new("KR0308", "`#[locked]` is given twice")
                .help("name all locks in one: `#[locked(\"a\", \"b\")]`");
            sink.push(&attribute, mistake);
        } else {
            let given = arguments_of(&attribute, "KR0306", locked::USAGE, &mut sink);
            locked = given.map(|given| locked::parse(given, &attribute, &mut sink));
        }
        consumed.push(attribute.path().clone());
    }
    for attribute in function.take_attributes("kr_route") {
        two_routes(&function, &attribute, &mut sink);
        consumed.push(attribute.path().clone());
    }
    let mut root = Root::default();
    let route = arguments.and_then(|arguments| {
        let arguments = root.take(arguments, &mut sink);
        parse::parse(arguments, at, &mut sink)
    });
    let model = check::check(&function, route, locked, &mut sink);
    match model {
        Some(model) if sink.is_empty() => expand::expand(&function, &model, &consumed, &root),
        _ if shape::is_associated(&function) => failed(sink, &function.to_token_stream()),
        _ => {
            let function = expand::fall_back(&function, &consumed, &root);
            let errors = sink.into_tokens();
            quote!(#function #errors)
        }
    }
}

/// The attribute that is being expanded, as a place in the user's own code: without this the compiler adds that the
/// message comes from a macro, which is no news.
fn attribute_above(item: &TokenStream) -> Span {
    let here = Span::call_site();
    match item.clone().into_iter().next() {
        Some(first) => here.resolved_at(first.span()),
        None => here,
    }
}

/// Something to point at where there is only a place.
fn spot(at: Span) -> Ident {
    Ident::new("locked", at)
}

/// `#[locked]` on a function that is no route, or whose route is known by another name.
fn without_route(here: Span, mut function: Function, mut sink: Sink) -> TokenStream {
    let name = function.signature.ident.unraw();
    let renamed = function.attributes.iter().position(|attribute| {
        let list = attribute.meta.require_list();
        list.is_ok_and(|list| parse::is_route(list.tokens.clone()))
    });
    let Some(renamed) = renamed else {
        let what = format!("`#[locked]` guards a route, and `{name}` is none");
        let help = "add `#[kr_route(post, \"/path\")]`; a plain function needs no lock of its own: it takes `&mut S` from its caller";
        sink.push_at(here, Mistake::new("KR0301", what).help(help));
        return failed(sink, &function.to_token_stream());
    };
    let renamed = function.attributes.remove(renamed);
    let mut root = Root::default();
    if let Ok(list) = renamed.meta.require_list() {
        root.take(list.tokens.clone(), &mut sink);
    }
    let consumed = renamed.path().clone();
    let route = quote!(#consumed).to_string().replace(' ', "");
    let what = format!("`#[locked]` does not know that `#[{route}]` makes `{name}` a route");
    let help = format!("put `#[locked]` below `#[{route}(…)]`");
    sink.push_at(here, Mistake::new("KR0315", what).help(help));
    let function = expand::fall_back(&function, &vec![consumed], &root);
    let errors = sink.into_tokens();
    quote!(#function #errors)
}

fn two_routes(function: &Function, second: &Attribute, sink: &mut Sink) {
    let name = function.signature.ident.unraw();
    let what = format!("`{name}` has two routes; a handler has one");
    let help = format!("write a second handler that calls `{name}`");
    sink.push(second, Mistake::new("KR0021", what).help(help));
}

/// The function that the attribute stands on. Anything else is a mistake, and a function that cannot be read is the
/// compiler's business.
fn function(
    item: &TokenStream,
    attribute: &str,
    at: Span,
    sink: &mut Sink,
) -> Result<Function, Option<syn::Error>> {
    match syn::parse2::<Function>(item.clone()) {
        Ok(function) => Ok(function),
        Err(error) if is_function(item) => Err(Some(error)),
        Err(_) => {
            let mistake = Mistake::new("KR0101", format!("`#[{attribute}]` expects a function"))
                .help("put it on a function: `fn visit(state: &mut S) -> Json<T>`");
            sink.push_at(at, mistake);
            Err(None)
        }
    }
}

/// What stands between the parentheses of an attribute, if anything does.
fn arguments_of(
    attribute: &Attribute,
    code: &'static str,
    usage: &str,
    sink: &mut Sink,
) -> Option<TokenStream> {
    match &attribute.meta {
        Meta::Path(_) => Some(TokenStream::new()),
        Meta::List(list) => Some(list.tokens.clone()),
        Meta::NameValue(_) => {
            let mistake = Mistake::new(code, "the arguments of an attribute go into parentheses");
            sink.push(attribute, mistake.help(usage));
            None
        }
    }
}

/// The mistakes, and the item without our attributes.
fn failed(sink: Sink, item: &TokenStream) -> TokenStream {
    let item = without_attributes(item);
    let errors = sink.into_tokens();
    quote!(#item #errors)
}
