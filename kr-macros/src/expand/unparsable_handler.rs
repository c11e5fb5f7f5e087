//! A function whose signature cannot be parsed, as while the user types it. It stays as it is, and `routes!` accepts it.

use crate::expand::marker_type::ConsumedAttributes;
use crate::expand::placeholder::placeholder;
use crate::expand::unparsable::unparsable_error;
use crate::parse::crate_argument;
use crate::syntax::errors::Errors;
use crate::syntax::function::{Function, is_named};
use crate::syntax::item::{name_of_plain_item, without_attributes};
use crate::syntax::runtime_path::RuntimePath;
use crate::syntax::types::mentions;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, Signature, Visibility};

/// `arguments` are those of `#[kr_route]`, if that is the attribute that is expanded.
pub(crate) fn unparsable_handler(
    arguments: TokenStream,
    item: &TokenStream,
    error: &Error,
) -> TokenStream {
    let item_without_attributes = without_attributes(item);
    let unparsable_error = unparsable_error(error);
    let Some(function) = without_parameters(item).filter(|_| !mentions(item, "self")) else {
        return quote!(#item_without_attributes #unparsable_error);
    };
    // Only the path of the runtime matters here, so other errors are dropped.
    let mut errors = Errors::default();
    let mut runtime_path = RuntimePath::default();
    crate_argument::take(&mut runtime_path, arguments, &mut errors);
    let mut consumed = ConsumedAttributes::new();
    for attribute in &function.attributes {
        if is_named(attribute, "kr_route")
            && let Ok(list) = attribute.meta.require_list()
        {
            crate_argument::take(&mut runtime_path, list.tokens.clone(), &mut errors);
        }
        if is_named(attribute, "kr_route") || is_named(attribute, "locked") {
            consumed.push(attribute.path().clone());
        }
    }
    let placeholder = placeholder(&function, &consumed, &runtime_path);
    quote!(#item_without_attributes #placeholder #unparsable_error)
}

/// A function with the item's attributes, visibility and name. `None` if the item has no name or no body yet.
fn without_parameters(item: &TokenStream) -> Option<Function> {
    let name = name_of_plain_item(item, &["fn"])?;
    let signature: Signature = syn::parse2(quote!(fn #name())).ok()?;
    let parser = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse().unwrap_or(Visibility::Inherited);
        let _: TokenStream = input.parse()?;
        Ok((attributes, visibility))
    };
    let (attributes, visibility) = parser.parse2(item.clone()).ok()?;
    let has_body = matches!(item.clone().into_iter().last(), Some(TokenTree::Group(_)));
    has_body.then(|| Function {
        attributes,
        visibility,
        signature,
        body: quote!({}),
    })
}
