//! The key of a lock, as an attribute names it.

use crate::parse::key_template::{placeholders, without_names};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Expr, ExprPath, Lit, LitStr};

/// A string literal, or the path of a `const`.
#[derive(Clone)]
pub(crate) enum Key {
    Literal(LitStr),
    Path(ExprPath),
}

impl Key {
    /// Parses a key. `None` if it is invalid, which is reported.
    pub(crate) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Option<Self>> {
        let mut written: Expr = input.parse()?;
        // `macro_rules!` puts its arguments into invisible groups.
        while let Expr::Group(group) = written {
            written = *group.expr;
        }
        let key = match written {
            Expr::Lit(literal) => match literal.lit {
                Lit::Str(text) => Self::Literal(text),
                other => return Ok(Self::invalid(&other, errors)),
            },
            Expr::Path(path) if path.attrs.is_empty() => Self::Path(path),
            other => return Ok(Self::invalid(&other, errors)),
        };
        if let Self::Literal(text) = &key {
            let value = text.value();
            if value.trim().is_empty() {
                let diagnostic = Diagnostic::new("KR0306", "a lock key cannot be empty")
                    .help("name what the lock guards, such as `\"shop:prices\"`");
                errors.push(text, diagnostic);
                return Ok(None);
            }
            if let Err(diagnostic) = placeholders(&value) {
                errors.push(text, diagnostic);
                return Ok(None);
            }
        }
        Ok(Some(key))
    }

    fn invalid(written: &impl ToTokens, errors: &mut Errors) -> Option<Self> {
        let diagnostic = Diagnostic::new(
            "KR0307",
            "a lock key is a string literal or the path of a `const`",
        )
        .help("write the key in quotes, or give the expression a name: `const LOCK: &str = …;`");
        errors.push(written, diagnostic);
        None
    }

    /// The names of its placeholders. A constant has none: the compiler checks that when it evaluates the constant.
    pub(crate) fn placeholders(&self) -> Vec<String> {
        match self {
            Self::Literal(text) => placeholders(&text.value()).unwrap_or_default(),
            Self::Path(_) => Vec::new(),
        }
    }

    /// A literal in the form in which locks compare keys; a constant as it is written.
    pub(crate) fn normalized(&self) -> String {
        match self {
            Self::Literal(text) => without_names(&text.value().trim().to_lowercase()),
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
