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

    fn error(&mut self, error: syn::Error) {
        match &mut self.found {
            Some(found) => found.combine(error),
            None => self.found = Some(error),
        }
    }

    /// Takes over what another sink has collected.
    pub(crate) fn append(&mut self, other: Self) {
        if let Some(found) = other.found {
            self.error(found);
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
    excerpt: Option<String>,
    help: Option<String>,
}

impl Mistake {
    /// What is wrong: lower case, no full stop.
    pub(crate) fn new(code: &'static str, what: impl Display) -> Self {
        Self {
            code,
            what: what.to_string(),
            excerpt: None,
            help: None,
        }
    }

    /// Shows `text`, with a mark under that many of its characters from `start`. The compiler can only mark the whole of a
    /// literal.
    pub(crate) fn marking(mut self, text: &str, start: usize, length: usize) -> Self {
        let blank = " ".repeat(start + 1);
        let marks = "^".repeat(length.max(1));
        self.excerpt = Some(format!("    \"{text}\"\n    {blank}{marks}"));
        self
    }

    /// What to write instead.
    pub(crate) fn help(mut self, help: impl Display) -> Self {
        self.help = Some(help.to_string());
        self
    }

    pub(crate) fn text(&self) -> String {
        let mut text = self.what.clone();
        if let Some(excerpt) = &self.excerpt {
            text.push_str("\n\n");
            text.push_str(excerpt);
        }
        if let Some(help) = &self.help {
            text.push_str("\n\nhelp: ");
            text.push_str(help);
        }
        text.push_str(&format!(" [{}]", self.code));
        text
    }
}
