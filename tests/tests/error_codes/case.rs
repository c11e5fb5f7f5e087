//! A test case: a mistake, the compiler's message, and the corrected program.

use crate::files;
use std::fs;
use std::path::Path;

/// A case, read from its three files.
pub(crate) struct Case {
    /// `lock/kr0303_lock_mismatch`
    pub(crate) name: String,
    /// `KR0303`; a case of several codes, or of none, has no such name.
    pub(crate) code: Option<String>,
    /// What its first line says.
    pub(crate) title: String,
    pub(crate) wrong: String,
    pub(crate) message: String,
    pub(crate) right: String,
}

/// What detects a mistake.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Layer {
    Syntax,
    Trait,
    Constant,
    Rustc,
}

impl Case {
    /// All cases, sorted by code and name.
    pub(crate) fn all() -> Vec<Self> {
        let mut cases: Vec<_> = files("tests/ui", "rs")
            .iter()
            .map(|path| Self::read(path))
            .collect();
        // Those without a code come last.
        cases.sort_by_key(|case| (case.code.is_none(), case.code.clone(), case.name.clone()));
        cases
    }

    fn read(path: &Path) -> Self {
        let below = path.strip_prefix("tests/ui").unwrap();
        let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
        let wrong = read(path);
        let first = wrong.lines().next().unwrap_or_default();
        let title = first.trim_start_matches("//! ");
        let title = title.rsplit_once(" (").map_or(title, |(title, _)| title);
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let code = stem
            .split_once('_')
            .map(|(code, _)| code.to_uppercase())
            .filter(|code| code.starts_with("KR"));
        let title = match &code {
            Some(code) => title.trim_start_matches(code).trim_start_matches(": "),
            None => title,
        };
        // The rest says which words the message has; the table has a column for that.
        let title = title.split(';').next().unwrap_or(title).trim();
        Self {
            name: below.with_extension("").to_str().unwrap().to_owned(),
            code,
            title: title.to_owned(),
            message: read(&path.with_extension("stderr")),
            right: read(&Path::new("tests/pass").join(below)),
            wrong,
        }
    }

    /// Whether kr wrote the message.
    pub(crate) fn is_ours(&self) -> bool {
        self.layer() != Layer::Rustc
    }

    pub(crate) fn layer(&self) -> Layer {
        let error = self.message.lines().next().unwrap_or_default();
        if !self.message.contains("[KR") {
            Layer::Rustc
        } else if error.starts_with("error[E0277]") {
            Layer::Trait
        } else if error.starts_with("error[E0080]") {
            Layer::Constant
        } else {
            Layer::Syntax
        }
    }
}

impl Layer {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Trait => "trait",
            Self::Constant => "constant",
            Self::Rustc => "rustc",
        }
    }
}
