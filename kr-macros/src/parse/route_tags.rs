//! `tag = "…"` and `example = {…}` of a route: what a document of the API says and no signature does.

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::separators::{OptionName, comma};
use proc_macro2::{TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Token};

const CODE: &str = "KR0031";

/// The names of these arguments.
pub(crate) const NAMES: [&str; 2] = ["tag", "example"];

/// What a route says for readers of the document.
#[derive(Default)]
pub(crate) struct RouteTags {
    pub(crate) tags: Vec<LitStr>,
    /// JSON, as `json!` of `serde_json` takes it.
    pub(crate) example: Option<TokenStream>,
}

/// Whether one of them comes next.
pub(crate) fn is_next(input: ParseStream<'_>) -> bool {
    let name = input.fork().parse::<OptionName>();
    name.is_ok_and(|OptionName(name)| NAMES.iter().any(|known| name == known))
}

/// Parses one of them, and the comma behind it.
pub(crate) fn parse(
    input: ParseStream<'_>,
    tags: &mut RouteTags,
    errors: &mut Errors,
) -> syn::Result<()> {
    let OptionName(name) = input.parse()?;
    let value = value(input)?;
    match name == "tag" {
        true => tags.tags.extend(tag(&name, value, errors)),
        false if value.is_empty() => {
            let diagnostic = Diagnostic::new(CODE, "`example` needs the JSON of a request's body");
            let help = "write the JSON itself: `example = {\"text\": \"buy bread\"}`";
            errors.push(&name, diagnostic.help(help));
        }
        false if tags.example.is_some() => {
            let diagnostic = Diagnostic::new("KR0007", "`example` is given twice");
            errors.push(&name, diagnostic.help("keep one of them"));
        }
        false => tags.example = Some(value),
    }
    comma(input, errors)?;
    Ok(())
}

/// What is between the `=` and the next comma.
fn value(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut value = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        value.extend([input.parse::<TokenTree>()?]);
    }
    Ok(value)
}

fn tag(name: &Ident, value: TokenStream, errors: &mut Errors) -> Option<LitStr> {
    match syn::parse2::<LitStr>(value.clone()) {
        Ok(text) if !text.value().trim().is_empty() => return Some(text),
        _ => {}
    }
    let diagnostic = Diagnostic::new(CODE, "a tag is a text that is not empty");
    let diagnostic = diagnostic.help("write it in quotes: `tag = \"accounts\"`");
    match value.is_empty() {
        true => errors.push(name, diagnostic),
        false => errors.push(&value, diagnostic),
    }
    None
}
