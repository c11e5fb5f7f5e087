//! A function whose signature cannot be read, as it is while it is typed: what was read of it stays, and `routes!` takes it.

use crate::expand::handler::{Consumed, stand_in};
use crate::expand::unparsable::{last_word, name_after};
use crate::syntax::diagnostic::Sink;
use crate::syntax::function::{Function, is_named, without_attributes};
use crate::syntax::runtime_path::Root;
use crate::syntax::types::mentions;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Error, Signature, Visibility};

pub(crate) fn unread(arguments: TokenStream, item: &TokenStream, error: &Error) -> TokenStream {
    let item_alone = without_attributes(item);
    let last_word = last_word(error);
    let Some(function) = function(item).filter(|_| !mentions(item, "self")) else {
        return quote!(#item_alone #last_word);
    };
    // The route's arguments are those of the attribute that is expanded, or of the one below it.
    let mut sink = Sink::default();
    let mut root = Root::default();
    root.take(arguments, &mut sink);
    let mut consumed = Consumed::new();
    for attribute in &function.attributes {
        if let (true, Ok(list)) = (
            is_named(attribute, "kr_route"),
            attribute.meta.require_list(),
        ) {
            root.take(list.tokens.clone(), &mut sink);
        }
        if is_named(attribute, "kr_route") || is_named(attribute, "locked") {
            consumed.push(attribute.path().clone());
        }
    }
    let stand_in = stand_in(&function, &consumed, &root);
    quote!(#item_alone #stand_in #last_word)
}

/// The function, without arguments.
fn function(item: &TokenStream) -> Option<Function> {
    let name = name_after(item, &["fn"])?;
    let signature: Signature = syn::parse2(quote!(fn #name())).ok()?;
    let read = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse().unwrap_or(Visibility::Inherited);
        let _: TokenStream = input.parse()?;
        Ok((attributes, visibility))
    };
    let (attributes, visibility) = read.parse2(item.clone()).ok()?;
    let has_body = matches!(item.clone().into_iter().last(), Some(TokenTree::Group(_)));
    has_body.then(|| Function {
        attributes,
        visibility,
        signature,
        body: quote!({}),
    })
}
