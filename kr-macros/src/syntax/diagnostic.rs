//! One compile error: a stable code, what is wrong, and what to write instead.

use std::fmt::Display;

pub(crate) struct Diagnostic {
    code: &'static str,
    message: String,
    excerpt: Option<String>,
    help: Option<String>,
}

impl Diagnostic {
    /// The message says what is wrong: lower case, no full stop.
    pub(crate) fn new(code: &'static str, message: impl Display) -> Self {
        Self {
            code,
            message: message.to_string(),
            excerpt: None,
            help: None,
        }
    }

    /// Quotes `text` and underlines `length` of its characters from `start`. The compiler can only underline a literal as a
    /// whole.
    pub(crate) fn underline(mut self, text: &str, start: usize, length: usize) -> Self {
        let blank = " ".repeat(start + 1);
        let carets = "^".repeat(length.max(1));
        self.excerpt = Some(format!("    \"{text}\"\n    {blank}{carets}"));
        self
    }

    /// What to write instead.
    pub(crate) fn help(mut self, help: impl Display) -> Self {
        self.help = Some(help.to_string());
        self
    }

    pub(crate) fn text(&self) -> String {
        let mut text = self.message.clone();
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
