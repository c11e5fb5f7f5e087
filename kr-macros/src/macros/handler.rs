//! What `#[kr_route]` and `#[locked]` share. The one on top expands both.

use crate::check::{self, function_kind};
use crate::expand;
use crate::expand::marker_type::ConsumedAttributes;
use crate::expand::placeholder::on_error;
use crate::parse::locked::{self, LockedAttribute};
use crate::parse::{crate_argument, route};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::function::Function;
use crate::syntax::item::{is_function, without_attributes};
use crate::syntax::runtime_path::RuntimePath;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::{Attribute, Meta};

/// Expands a handler. `arguments` and `span` are those of its `#[kr_route]`, `locked` those of a `#[locked]` above it.
pub(crate) fn expand_route(
    arguments: Option<TokenStream>,
    span: Span,
    mut function: Function,
    mut locked: Option<LockedAttribute>,
    mut consumed: ConsumedAttributes,
    mut errors: Errors,
) -> TokenStream {
    for attribute in function.take_attributes("locked") {
        if locked.is_some() {
            let diagnostic = Diagnostic::new("KR0308", "`#[locked]` is given twice")
                .help("name all locks in one: `#[locked(\"a\", \"b\")]`");
            errors.push(&attribute, diagnostic);
        } else {
            let arguments = arguments_of(&attribute, "KR0306", locked::USAGE, &mut errors);
            locked = arguments.map(|arguments| locked::parse(arguments, &attribute, &mut errors));
        }
        consumed.push(attribute.path().clone());
    }
    for attribute in function.take_attributes("kr_route") {
        report_second_route(&function, &attribute, &mut errors);
        consumed.push(attribute.path().clone());
    }
    let mut runtime_path = RuntimePath::default();
    let route = arguments.and_then(|arguments| {
        let arguments = crate_argument::take(&mut runtime_path, arguments, &mut errors);
        route::parse(arguments, span, &mut errors)
    });
    let model = check::handler::check(&function, route, locked, &mut errors);
    match model {
        Some(model) if errors.is_empty() => {
            expand::handler::expand(&function, &model, &consumed, &runtime_path)
        }
        _ if function_kind::is_associated(&function) => failed(errors, &function.to_token_stream()),
        _ => {
            let function = on_error(&function, &consumed, &runtime_path);
            let errors = errors.into_tokens();
            quote!(#function #errors)
        }
    }
}

/// The span of the attribute that is expanded, with the hygiene of the user's code. With the macro's hygiene the compiler
/// would add to every error that it comes from a macro.
pub(crate) fn attribute_span(item: &TokenStream) -> Span {
    let span = Span::call_site();
    match item.clone().into_iter().next() {
        Some(first) => span.resolved_at(first.span()),
        None => span,
    }
}

/// The function below the attribute. Any other item is reported. If it is a function that cannot be parsed, the error is
/// returned.
pub(crate) fn function(
    item: &TokenStream,
    attribute: &str,
    span: Span,
    errors: &mut Errors,
) -> Result<Function, Option<syn::Error>> {
    match syn::parse2::<Function>(item.clone()) {
        Ok(function) => Ok(function),
        Err(error) if is_function(item) => Err(Some(error)),
        Err(_) => {
            let message = format!("`#[{attribute}]` expects a function");
            let help = "put it on a function: `fn visit(state: &mut S) -> Json<T>`";
            errors.push_at(span, Diagnostic::new("KR0101", message).help(help));
            Err(None)
        }
    }
}

pub(crate) fn report_second_route(function: &Function, second: &Attribute, errors: &mut Errors) {
    let name = function.signature.ident.unraw();
    let message = format!("`{name}` has two routes; a handler has one");
    let help = format!("write a second handler that calls `{name}`");
    errors.push(second, Diagnostic::new("KR0021", message).help(help));
}

/// The tokens between the parentheses of an attribute, if it has parentheses or no arguments at all.
pub(crate) fn arguments_of(
    attribute: &Attribute,
    code: &'static str,
    usage: &str,
    errors: &mut Errors,
) -> Option<TokenStream> {
    match &attribute.meta {
        Meta::Path(_) => Some(TokenStream::new()),
        Meta::List(list) => Some(list.tokens.clone()),
        Meta::NameValue(_) => {
            let diagnostic =
                Diagnostic::new(code, "the arguments of an attribute go into parentheses");
            errors.push(attribute, diagnostic.help(usage));
            None
        }
    }
}

/// The errors, and the item without kr's attributes.
pub(crate) fn failed(errors: Errors, item: &TokenStream) -> TokenStream {
    let item = without_attributes(item);
    let errors = errors.into_tokens();
    quote!(#item #errors)
}
