//! One source file as tokens: what it defines, what it imports, and which paths its code names.
//!
//! Comments and strings are no tokens. Skipped are attributes, items below `#[cfg(test)]`, and exported macros: their paths
//! are those of the code that calls them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::str::FromStr;

/// A module: a file, or a `mod name { … }` inside one.
#[derive(Default)]
pub(crate) struct Source {
    /// The names of its items.
    pub(crate) defined: BTreeSet<String>,
    pub(crate) imports: Vec<Import>,
    /// Paths in code. A name by itself is a path of one segment.
    pub(crate) mentions: Vec<Path>,
    /// Inline modules.
    pub(crate) modules: Vec<(String, Source)>,
    /// Modules in files that `#[path = "…"]` names: the name, and the file.
    pub(crate) renamed: Vec<(String, String)>,
    /// Modules in files of their own that only tests have.
    pub(crate) test_modules: BTreeSet<String>,
}

/// A path, and the line where it is.
#[derive(Clone)]
pub(crate) struct Path {
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
}

/// What one leaf of a `use` declaration imports.
pub(crate) struct Import {
    pub(crate) path: Path,
    /// The name in this module. A glob has none.
    pub(crate) name: Option<String>,
    /// Declared with `pub` or `pub(…)`.
    pub(crate) is_reexport: bool,
}

pub(crate) fn parse(text: &str) -> Source {
    let tokens = TokenStream::from_str(text).expect("a source file is valid Rust");
    let mut source = Source::default();
    Reader {
        tokens: tokens.into_iter().collect(),
        at: 0,
    }
    .read(&mut source, true);
    source
}

struct Reader {
    tokens: Vec<TokenTree>,
    at: usize,
}

impl Reader {
    fn of(group: &proc_macro2::Group) -> Self {
        Self {
            tokens: group.stream().into_iter().collect(),
            at: 0,
        }
    }

    /// Reads to the end. `is_module` says whether the tokens are the items of a module, or code inside one of them.
    fn read(&mut self, source: &mut Source, is_module: bool) {
        let mut path_attribute = None;
        while self.at < self.tokens.len() {
            if let Some(attribute) = self.attribute() {
                let is_exported_macro = attribute[..] == ["macro_export"];
                if is_for_tests(&attribute) || is_exported_macro {
                    self.skip_item(source);
                } else if attribute.first().is_some_and(|word| word == "path") {
                    path_attribute = attribute
                        .last()
                        .map(|file| file.trim_matches('"').to_owned());
                }
                continue;
            }
            if self.word(0) == Some("use".to_owned()) && !self.is_punct(1, '<') {
                self.import(source);
                continue;
            }
            if self.word(0) == Some("mod".to_owned())
                && let Some(name) = self.word(1)
            {
                self.module(source, name, path_attribute.take());
                continue;
            }
            if is_module {
                self.definition(source);
            }
            match self.tokens[self.at].clone() {
                TokenTree::Group(group) => {
                    self.at += 1;
                    Self::of(&group).read(source, false);
                }
                TokenTree::Ident(_) => self.mention(source),
                _ => self.at += 1,
            }
        }
    }

    fn word(&self, ahead: usize) -> Option<String> {
        match self.tokens.get(self.at + ahead) {
            Some(TokenTree::Ident(word)) => Some(word.to_string()),
            _ => None,
        }
    }

    fn is_punct(&self, ahead: usize, mark: char) -> bool {
        is_punct(self.tokens.get(self.at + ahead), mark)
    }

    fn is_path_separator(&self, ahead: usize) -> bool {
        self.is_punct(ahead, ':') && self.is_punct(ahead + 1, ':')
    }

    /// Reads an attribute, as its tokens in all depths.
    fn attribute(&mut self) -> Option<Vec<String>> {
        let inner = usize::from(self.is_punct(1, '!'));
        match self.tokens.get(self.at + 1 + inner) {
            Some(TokenTree::Group(group))
                if self.is_punct(0, '#') && group.delimiter() == Delimiter::Bracket =>
            {
                let mut words = Vec::new();
                flatten(group.stream(), &mut words);
                self.at += 2 + inner;
                Some(words)
            }
            _ => None,
        }
    }

    /// Skips the item below an attribute, up to its `;` or its braces.
    fn skip_item(&mut self, source: &mut Source) {
        while self.attribute().is_some() {}
        while self.at < self.tokens.len() {
            if self.word(0) == Some("mod".to_owned())
                && let Some(name) = self.word(1)
            {
                source.test_modules.insert(name);
            }
            let is_end = self.is_punct(0, ';')
                || matches!(&self.tokens[self.at], TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
            self.at += 1;
            if is_end {
                return;
            }
        }
    }

    /// Reads `mod name;` or `mod name { … }`.
    fn module(&mut self, source: &mut Source, name: String, file: Option<String>) {
        self.at += 2;
        match self.tokens.get(self.at).cloned() {
            Some(TokenTree::Group(group)) => {
                self.at += 1;
                let mut module = Source::default();
                Self::of(&group).read(&mut module, true);
                source.modules.push((name, module));
            }
            _ => source.renamed.extend(file.map(|file| (name, file))),
        }
    }

    /// Notes the name of an item that starts here. Its tokens are read as code afterwards.
    fn definition(&self, source: &mut Source) {
        const KEYWORDS: [&str; 8] = [
            "const", "enum", "fn", "static", "struct", "trait", "type", "union",
        ];
        let Some(keyword) = self.word(0) else {
            return;
        };
        if KEYWORDS.contains(&keyword.as_str()) {
            source.defined.extend(self.word(1));
        } else if keyword == "macro_rules" && self.is_punct(1, '!') {
            source.defined.extend(self.word(2));
        }
    }

    /// Reads a path in code: `a`, `a::b`, `crate::a`. Fields, methods, lifetimes and paths that start with `::` are none.
    fn mention(&mut self, source: &mut Source) {
        let before = |count: usize| {
            let index = self.at.checked_sub(count);
            index.and_then(|index| self.tokens.get(index))
        };
        let is_field = is_punct(before(1), '.') && !is_punct(before(2), '.');
        let is_lifetime = is_punct(before(1), '\'');
        let is_global = is_punct(before(1), ':') && is_punct(before(2), ':');
        let line = self.tokens[self.at].span().start().line;
        let mut segments: Vec<String> = self.word(0).into_iter().collect();
        self.at += 1;
        while self.is_path_separator(0)
            && let Some(segment) = self.word(2)
        {
            segments.push(segment);
            self.at += 3;
        }
        if !(is_field || is_lifetime || is_global) {
            source.mentions.push(Path { segments, line });
        }
    }

    /// Reads a `use` declaration.
    fn import(&mut self, source: &mut Source) {
        let before = self.at.checked_sub(1).map(|at| &self.tokens[at]);
        let is_reexport = match before {
            Some(TokenTree::Ident(word)) => word == "pub",
            Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
            _ => false,
        };
        self.at += 1;
        // `use ::name` is about another crate.
        let is_global = self.is_path_separator(0);
        let mut imports = Vec::new();
        self.tree(&[], is_reexport, &mut imports);
        if !is_global {
            source.imports.extend(imports);
        }
        while self.at < self.tokens.len() && !self.is_punct(0, ';') {
            self.at += 1;
        }
    }

    /// Reads one tree of a `use` declaration, up to the comma or the semicolon behind it.
    fn tree(&mut self, prefix: &[String], is_reexport: bool, imports: &mut Vec<Import>) {
        let mut segments = prefix.to_vec();
        let mut line = self
            .tokens
            .get(self.at)
            .map_or(0, |token| token.span().start().line);
        let mut name = None;
        loop {
            if self.is_path_separator(0) {
                self.at += 2;
            }
            match self.tokens.get(self.at).cloned() {
                Some(TokenTree::Ident(word)) if word == "as" => {
                    name = self.word(1);
                    self.at += 2;
                }
                Some(TokenTree::Ident(word)) => {
                    line = word.span().start().line;
                    segments.push(word.to_string());
                    self.at += 1;
                }
                Some(TokenTree::Group(group)) => {
                    self.at += 1;
                    let mut inner = Self::of(&group);
                    while inner.at < inner.tokens.len() {
                        inner.tree(&segments, is_reexport, imports);
                        // The comma.
                        inner.at += 1;
                    }
                    return;
                }
                Some(TokenTree::Punct(mark)) if mark.as_char() == '*' => {
                    self.at += 1;
                    imports.push(Import {
                        path: Path { segments, line },
                        name: None,
                        is_reexport,
                    });
                    return;
                }
                _ => break,
            }
        }
        // `{self}` is the module itself.
        if segments.len() > 1 && segments.last().is_some_and(|last| last == "self") {
            segments.pop();
        }
        imports.push(Import {
            name: name.or_else(|| segments.last().cloned()),
            path: Path { segments, line },
            is_reexport,
        });
    }
}

fn is_punct(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == mark)
}

/// `cfg(test)`, alone or among others. `cfg(not(test))` is not for tests.
fn is_for_tests(attribute: &[String]) -> bool {
    let has = |word: &str| attribute.iter().any(|found| found == word);
    attribute.first().is_some_and(|word| word == "cfg") && has("test") && !has("not") && !has("any")
}

fn flatten(tokens: TokenStream, words: &mut Vec<String>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => flatten(group.stream(), words),
            token => words.push(token.to_string()),
        }
    }
}
