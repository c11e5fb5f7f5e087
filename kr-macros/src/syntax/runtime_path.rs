//! The path of the runtime in generated code: `::kr_runtime`, unless `Cargo.toml` renames it or the user gives another path
//! with `crate = ::path`.

use crate::syntax::manifest::runtime_name;
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Path, parse_quote};

const USUAL_NAME: &str = "kr_runtime";

/// The path that replaces `::kr_runtime`, if the user gave one.
#[derive(Default)]
pub(crate) struct RuntimePath(pub(crate) Option<Path>);

impl RuntimePath {
    /// Replaces `::kr_runtime` in generated code.
    pub(crate) fn apply(&self, generated: TokenStream) -> TokenStream {
        let name = match &self.0 {
            Some(path) => return replace(generated, path),
            None => runtime_name(),
        };
        match name.as_deref() {
            Some(USUAL_NAME) => generated,
            // Without the dependency, all paths get the attribute's span, where the compiler then reports them once.
            name => {
                let name = Ident::new(name.unwrap_or(USUAL_NAME), Span::call_site());
                replace(generated, &parse_quote!(::#name))
            }
        }
    }
}

fn replace(tokens: TokenStream, path: &Path) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut replaced = TokenStream::new();
    let mut rest = tokens.as_slice();
    while let Some((first, others)) = rest.split_first() {
        if let [colon, second, TokenTree::Ident(name), behind @ ..] = rest
            && is_punct(colon, ':')
            && is_punct(second, ':')
            && name == "kr_runtime"
        {
            // The compiler underlines a path from its first token to its last, and the first one's span was chosen with
            // care. The tokens between keep their own spans, so that a wrong path is reported once.
            let mut path = path.to_token_stream().into_iter();
            replaced.extend(path.next().map(|first| with_location(first, colon.span())));
            replaced.extend(path);
            rest = behind;
            continue;
        }
        replaced.extend([match first {
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), replace(group.stream(), path));
                inner.set_span(group.span());
                TokenTree::Group(inner)
            }
            token => token.clone(),
        }]);
        rest = others;
    }
    replaced
}

/// The first token of a path, with another location. Its hygiene is the macro's, so that no lint asks for a shorter path.
fn with_location(mut first: TokenTree, location: Span) -> TokenTree {
    // `$crate` has to keep its hygiene, which says which crate is meant.
    let hygiene = match &first {
        TokenTree::Ident(word) if word == "$crate" => word.span(),
        _ => Span::call_site(),
    };
    first.set_span(hygiene.located_at(location));
    first
}

pub(crate) fn is_punct(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}
