//! Named lifetimes in tokens.

use crate::syntax::runtime_path::is_punct;
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use syn::Lifetime;

/// Whether the lifetime appears anywhere in the tokens.
pub(crate) fn mentions_lifetime(tokens: TokenStream, lifetime: &Lifetime) -> bool {
    let mut after_quote = false;
    tokens.into_iter().any(|token| {
        let is_name = std::mem::replace(&mut after_quote, is_punct(&token, '\''));
        match token {
            TokenTree::Group(group) => mentions_lifetime(group.stream(), lifetime),
            TokenTree::Ident(name) => is_name && name == lifetime.ident,
            _ => false,
        }
    })
}

/// The tokens with `'_` for the lifetime.
pub(crate) fn elide(tokens: TokenStream, lifetime: &Lifetime) -> TokenStream {
    let mut after_quote = false;
    let replaced = tokens.into_iter().map(|token| {
        let is_name = std::mem::replace(&mut after_quote, is_punct(&token, '\''));
        match token {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), elide(group.stream(), lifetime));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            TokenTree::Ident(name) if is_name && name == lifetime.ident => {
                TokenTree::Ident(Ident::new("_", name.span()))
            }
            token => token,
        }
    });
    replaced.collect()
}
