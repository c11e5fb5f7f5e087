//! Where tokens start and where they end.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};

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

/// The path of a function of the runtime, from the start of `at` to its end, which the compiler then underlines.
pub(crate) fn spanned_function(at: &impl ToTokens, name: &str) -> TokenStream {
    let (start, end) = start_and_end(at);
    let name = Ident::new(name, end);
    let root = quote_spanned!(start=> ::);
    quote_spanned!(end=> #root kr_runtime::__private::#name)
}
