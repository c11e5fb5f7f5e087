//! The key of a lock, as it is written in an attribute.

use crate::parse::key_template::{nameless, places};
use crate::syntax::diagnostic::{Mistake, Sink};
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, ExprPath, Lit, LitStr};

/// A string literal, or the path of a `const`.
#[derive(Clone)]
pub(crate) enum Key {
    Literal(LitStr),
    Path(ExprPath),
}

impl Key {
    /// Reads a key; what is an expression of another kind goes to the sink.
    pub(crate) fn parse(input: ParseStream<'_>, sink: &mut Sink) -> syn::Result<Option<Self>> {
        let mut written: Expr = input.parse()?;
        // What `macro_rules!` was given stands in a group.
        while let Expr::Group(group) = written {
            written = *group.expr;
        }
        let key = match written {
            Expr::Lit(literal) => match literal.lit {
                Lit::Str(text) => Self::Literal(text),
                other => return Ok(Self::refuse(&other, sink)),
            },
            Expr::Path(path) if path.attrs.is_empty() => Self::Path(path),
            other => return Ok(Self::refuse(&other, sink)),
        };
        if let Self::Literal(text) = &key {
            let value = text.value();
            if value.trim().is_empty() {
                let mistake = Mistake::new("KR0306", "a lock key cannot be empty")
                    .help("name what the lock guards, such as `\"shop:prices\"`");
                sink.push(text, mistake);
                return Ok(None);
            }
            if let Err(mistake) = places(&value) {
                sink.push(text, mistake);
                return Ok(None);
            }
        }
        Ok(Some(key))
    }

    fn refuse(written: &impl ToTokens, sink: &mut Sink) -> Option<Self> {
        let mistake = Mistake::new(
            "KR0307",
            "a lock key is a string literal or the path of a `const`",
        )
        .help("write the key in quotes, or give the expression a name: `const LOCK: &str = …;`");
        sink.push(written, mistake);
        None
    }

    /// The names of the arguments that it depends on. A constant is found to have none when the compiler evaluates it.
    pub(crate) fn places(&self) -> Vec<String> {
        match self {
            Self::Literal(text) => places(&text.value()).unwrap_or_default(),
            Self::Path(_) => Vec::new(),
        }
    }

    /// The key as its lock knows it, where that can be seen.
    pub(crate) fn normal(&self) -> String {
        match self {
            Self::Literal(text) => nameless(&text.value().trim().to_lowercase()),
            Self::Path(path) => path.to_token_stream().to_string(),
        }
    }
}

impl ToTokens for Key {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Literal(text) => text.to_tokens(tokens),
            Self::Path(path) => path.to_tokens(tokens),
        }
    }
}

/// An attribute's `name = value`, read as far as the `=`.
pub(crate) struct Named(pub(crate) syn::Ident);

impl Parse for Named {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<syn::Token![=]>()?;
        Ok(Self(name))
    }
}
