//! An attribute that rewrites a function's body and keeps its signature, as `#[tracing::instrument]` does.

use proc_macro::{Delimiter, Group, TokenStream, TokenTree};
use std::iter::once;

/// Wraps the body in a block, which an async function awaits.
#[proc_macro_attribute]
pub fn wrapped(_: TokenStream, item: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    let Some(TokenTree::Group(body)) = tokens.pop() else {
        return "::core::compile_error! { \"a function with a body is expected\" }"
            .parse()
            .unwrap_or_default();
    };
    let is_async = tokens
        .iter()
        .any(|token| matches!(token, TokenTree::Ident(word) if word.to_string() == "async"));
    let block = TokenTree::Group(body);
    let wrapped: TokenStream = if is_async {
        let future: TokenStream = "async move".parse().unwrap_or_default();
        let awaited: TokenStream = ".await".parse().unwrap_or_default();
        future
            .into_iter()
            .chain(once(block))
            .chain(awaited)
            .collect()
    } else {
        once(block).collect()
    };
    tokens.push(TokenTree::Group(Group::new(Delimiter::Brace, wrapped)));
    tokens.into_iter().collect()
}
