//! What stands between the arguments of an attribute, and arguments that cannot be read.

use crate::syntax::diagnostic::{Mistake, Sink};
use proc_macro2::{TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{Error, Token};

const CODE: &str = "KR0024";

/// Takes the comma behind an argument. Where another argument follows without one, the rest is left out: what it is cannot
/// be known.
pub(crate) fn comma(input: ParseStream<'_>, sink: &mut Sink) -> syn::Result<bool> {
    if input.is_empty() {
        return Ok(true);
    }
    if input.peek(Token![,]) {
        input.parse::<Token![,]>()?;
        return Ok(true);
    }
    let next: TokenTree = input.parse()?;
    input.parse::<TokenStream>()?;
    let mistake = match &next {
        TokenTree::Punct(mark) => Mistake::new(CODE, format!("expected a comma, and not `{mark}`"))
            .help("a comma stands between the arguments of an attribute"),
        other => Mistake::new(CODE, format!("a comma is missing before `{other}`"))
            .help(format!("write `, {other}`")),
    };
    sink.push(&next, mistake);
    Ok(false)
}

/// Arguments that are no expressions, or that end too early.
pub(crate) fn unread(error: &Error, usage: &str, sink: &mut Sink) {
    sink.push_at(error.span(), Mistake::new(CODE, error).help(usage));
}
