//! What separates the parts of an attribute's arguments: commas between them, `=` behind an option's name.

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Error, Ident, Token};

const CODE: &str = "KR0024";

/// Parses the comma behind an argument. Returns whether parsing can go on: where a comma is missing, the rest of the input
/// is skipped, because its meaning is unclear.
pub(crate) fn comma(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<bool> {
    if input.is_empty() {
        return Ok(true);
    }
    if input.peek(Token![,]) {
        input.parse::<Token![,]>()?;
        return Ok(true);
    }
    let next: TokenTree = input.parse()?;
    input.parse::<TokenStream>()?;
    let diagnostic = match &next {
        TokenTree::Punct(mark) => {
            Diagnostic::new(CODE, format!("expected a comma, and not `{mark}`"))
                .help("a comma stands between the arguments of an attribute")
        }
        other => Diagnostic::new(CODE, format!("a comma is missing before `{other}`"))
            .help(format!("write `, {other}`")),
    };
    errors.push(&next, diagnostic);
    Ok(false)
}

/// Reports arguments that are not expressions, or that end too early.
pub(crate) fn unparsable(error: &Error, usage: &str, errors: &mut Errors) {
    errors.push_at(error.span(), Diagnostic::new(CODE, error).help(usage));
}

/// The name of an option, parsed together with the `=` behind it.
pub(crate) struct OptionName(pub(crate) Ident);

impl Parse for OptionName {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self(name))
    }
}
