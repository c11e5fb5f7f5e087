//! All errors of one expansion, so that they are reported together.

use crate::syntax::diagnostic::Diagnostic;
use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

#[derive(Default)]
pub(crate) struct Errors {
    combined: Option<syn::Error>,
}

impl Errors {
    /// Adds an error at the tokens `at`.
    pub(crate) fn push(&mut self, at: &impl ToTokens, diagnostic: Diagnostic) {
        self.combine(syn::Error::new_spanned(at, diagnostic.text()));
    }

    /// Adds an error where there are no tokens to point at.
    pub(crate) fn push_at(&mut self, span: Span, diagnostic: Diagnostic) {
        self.combine(syn::Error::new(span, diagnostic.text()));
    }

    /// Adds all errors of `other`.
    pub(crate) fn append(&mut self, other: Self) {
        if let Some(error) = other.combined {
            self.combine(error);
        }
    }

    fn combine(&mut self, error: syn::Error) {
        match &mut self.combined {
            Some(combined) => combined.combine(error),
            None => self.combined = Some(error),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.combined.is_none()
    }

    /// The errors as `compile_error!` items.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.combined
            .map(|error| error.to_compile_error())
            .unwrap_or_default()
    }
}
