//! `#[kr_route]`, and `#[locked]` with it: parse, check, expand.

mod check;
mod expand;
mod parse;

pub(crate) use check::quote_type;

use crate::locked::{self, Locked};
use crate::signature::{Function, is_function, without_attributes};
use crate::sink::{Mistake, Sink};
use expand::Consumed;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Attribute, Meta};

/// `#[kr_route(…)]` stands above `#[locked(…)]`, or alone.
pub(crate) fn kr_route(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut sink = Sink::default();
    let Some(function) = function(&item, "kr_route", &mut sink) else {
        return failed(sink, &item);
    };
    expand_route(arguments, function, None, Vec::new(), sink)
}

/// `#[locked(…)]` stands above `#[kr_route(…)]`, which it takes along, or where it does not belong.
pub(crate) fn locked(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut sink = Sink::default();
    let Some(mut function) = function(&item, "locked", &mut sink) else {
        return failed(sink, &item);
    };
    let locked = locked::parse(arguments, Span::call_site(), &mut sink);
    let mut routes = function.take_attributes("kr_route").into_iter();
    let Some(route) = routes.next() else {
        let name = &function.signature.ident;
        let what = format!("`#[locked]` guards a route, and `{name}` is none");
        let help = "add `#[kr_route(post, \"/path\")]`; a plain function borrows its state, `&mut S`, from its caller";
        sink.push_at(Span::call_site(), Mistake::new("KR0301", what).help(help));
        return failed(sink, &function.to_token_stream());
    };
    let mut consumed = vec![route.path().clone()];
    for second in routes {
        two_routes(&function, &second, &mut sink);
        consumed.push(second.path().clone());
    }
    let arguments = arguments_of(&route, &mut sink);
    expand_route(arguments, function, Some(locked), consumed, sink)
}

fn expand_route(
    arguments: TokenStream,
    mut function: Function,
    mut locked: Option<Locked>,
    mut consumed: Consumed,
    mut sink: Sink,
) -> TokenStream {
    for attribute in function.take_attributes("locked") {
        let given = arguments_of(&attribute, &mut sink);
        let read = locked::parse(given, attribute.span(), &mut sink);
        if locked.is_some() {
            let mistake = Mistake::new("KR0308", "`#[locked]` is given twice")
                .help("name all locks in one: `#[locked(\"a\", \"b\")]`");
            sink.push(&attribute, mistake);
        } else {
            locked = Some(read);
        }
        consumed.push(attribute.path().clone());
    }
    for attribute in function.take_attributes("kr_route") {
        two_routes(&function, &attribute, &mut sink);
        consumed.push(attribute.path().clone());
    }
    let route = parse::parse(arguments, &mut sink);
    let model = check::check(&function, route, locked, &mut sink);
    match model {
        Some(model) if sink.is_empty() => expand::expand(&function, &model, &consumed),
        _ if function.signature.receiver().is_some() => failed(sink, &function.to_token_stream()),
        _ => {
            let function = expand::fall_back(&function, &consumed);
            let errors = sink.into_tokens();
            quote!(#function #errors)
        }
    }
}

fn two_routes(function: &Function, second: &Attribute, sink: &mut Sink) {
    let name = &function.signature.ident;
    let mistake = Mistake::new(
        "KR0021",
        format!("`{name}` has two routes; a handler has one"),
    )
    .help(format!("write a second handler that calls `{name}`"));
    sink.push(second, mistake);
}

/// The function that the attribute stands on. Anything else is a mistake.
fn function(item: &TokenStream, attribute: &str, sink: &mut Sink) -> Option<Function> {
    match syn::parse2::<Function>(item.clone()) {
        Ok(function) => Some(function),
        Err(error) if is_function(item) => {
            sink.error(error);
            None
        }
        Err(_) => {
            let mistake = Mistake::new("KR0101", format!("`#[{attribute}]` expects a function"))
                .help("put it on a function: `fn visit(state: &mut S) -> Json<T>`");
            sink.push_at(Span::call_site(), mistake);
            None
        }
    }
}

/// What stands between the parentheses of an attribute, if anything does.
fn arguments_of(attribute: &Attribute, sink: &mut Sink) -> TokenStream {
    match &attribute.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => {
            sink.push(
                pair,
                Mistake::new("KR0001", "arguments go into parentheses"),
            );
            TokenStream::new()
        }
    }
}

/// The mistakes, and the item without our attributes.
fn failed(sink: Sink, item: &TokenStream) -> TokenStream {
    let item = without_attributes(item);
    let errors = sink.into_tokens();
    quote!(#item #errors)
}
