//! Where tokens start and where they end.

use proc_macro2::{Span, TokenTree};
use quote::ToTokens;

/// The spans of the first and of the last token.
pub(crate) fn start_and_end(tokens: &impl ToTokens) -> (Span, Span) {
    let mut tokens = tokens.to_token_stream().into_iter();
    let first = tokens.next();
    let last = tokens.last().or_else(|| first.clone());
    let start = match first {
        Some(TokenTree::Group(group)) => group.span_open(),
        Some(token) => token.span(),
        None => Span::call_site(),
    };
    let end = match last {
        Some(TokenTree::Group(group)) => group.span_close(),
        Some(token) => token.span(),
        None => start,
    };
    (start, end)
}
