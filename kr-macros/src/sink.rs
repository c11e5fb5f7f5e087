//! All mistakes of one expansion, reported together.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use std::fmt::Display;

/// Collects mistakes. Each has a stable code, says what is wrong, and what to write instead.
#[derive(Default)]
pub(crate) struct Sink {
    found: Option<syn::Error>,
}

impl Sink {
    /// Notes a mistake, shown at `at`.
    pub(crate) fn push(&mut self, at: &impl ToTokens, mistake: Mistake) {
        self.error(syn::Error::new_spanned(at, mistake.text()));
    }

    /// Notes a mistake where there are no tokens to point at.
    pub(crate) fn push_at(&mut self, at: Span, mistake: Mistake) {
        self.error(syn::Error::new(at, mistake.text()));
    }

    /// Notes a syntax error.
    pub(crate) fn error(&mut self, error: syn::Error) {
        match &mut self.found {
            Some(found) => found.combine(error),
            None => self.found = Some(error),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_none()
    }

    /// The mistakes as `compile_error!` items.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.found
            .map(|error| error.to_compile_error())
            .unwrap_or_default()
    }
}

/// One mistake.
pub(crate) struct Mistake {
    code: &'static str,
    what: String,
    help: Option<String>,
}

impl Mistake {
    /// What is wrong: lower case, no full stop.
    pub(crate) fn new(code: &'static str, what: impl Display) -> Self {
        Self {
            code,
            what: what.to_string(),
            help: None,
        }
    }

    /// What to write instead.
    pub(crate) fn help(mut self, help: impl Display) -> Self {
        self.help = Some(help.to_string());
        self
    }

    fn text(&self) -> String {
        match &self.help {
            Some(help) => format!("{}\n\nhelp: {help} [{}]", self.what, self.code),
            None => format!("{} [{}]", self.what, self.code),
        }
    }
}
