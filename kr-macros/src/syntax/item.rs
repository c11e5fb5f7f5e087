//! Items as tokens, for when they cannot be parsed.

use crate::syntax::function::is_named;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::Attribute;
use syn::parse::{ParseStream, Parser};

/// The item without kr's attributes. An error must not make the item disappear.
pub(crate) fn without_attributes(item: &TokenStream) -> TokenStream {
    let strip = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        let rest: TokenStream = input.parse()?;
        let kept = attributes
            .into_iter()
            .filter(|attribute| !is_named(attribute, "locked") && !is_named(attribute, "kr_route"));
        Ok(quote!(#(#kept)* #rest))
    };
    strip.parse2(item.clone()).unwrap_or_else(|_| item.clone())
}

/// Whether an item that cannot be parsed looks like a function.
pub(crate) fn is_function(item: &TokenStream) -> bool {
    item.clone()
        .into_iter()
        .any(|token| matches!(token, TokenTree::Ident(word) if word == "fn"))
}

/// The name behind one of the keywords, if the item has no generic parameters.
pub(crate) fn name_of_plain_item(item: &TokenStream, keywords: &[&str]) -> Option<Ident> {
    let mut tokens = after_keyword(item, keywords)?;
    let Some(TokenTree::Ident(name)) = tokens.next() else {
        return None;
    };
    let generic = matches!(tokens.next(), Some(TokenTree::Punct(mark)) if mark.as_char() == '<');
    // A keyword is not a name.
    (!generic && syn::parse2::<Ident>(quote!(#name)).is_ok()).then_some(name)
}

/// The tokens behind the first of the keywords.
pub(crate) fn after_keyword(
    item: &TokenStream,
    keywords: &[&str],
) -> Option<impl Iterator<Item = TokenTree>> {
    let mut tokens = item.clone().into_iter();
    let is_keyword = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if keywords.iter().any(|keyword| word == keyword));
    tokens.find(is_keyword)?;
    Some(tokens)
}
