//! The document as it grows: lines, indentation, and the two counters of ids.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::escape::encode;
use super::options::WriteOptions;
use super::tape::Kind;
use super::{Error, MAX_DEPTH, NAMESPACE};

/// The name that an element carries, if any.
#[derive(Clone, Copy, Debug)]
pub(super) enum Name<'a> {
    None,
    Member(&'a str),
    Key,
    Value,
}

/// The lists of type names that Rust values are written with.
#[derive(Clone, Copy, Debug)]
pub(super) enum TypeList {
    Object,
    Array,
    Hashtable,
    Ordered,
}

impl TypeList {
    const fn names(self) -> &'static [&'static str] {
        match self {
            TypeList::Object => &[
                "System.Management.Automation.PSCustomObject",
                "System.Object",
            ],
            TypeList::Array => &["System.Object[]", "System.Array", "System.Object"],
            TypeList::Hashtable => &["System.Collections.Hashtable", "System.Object"],
            TypeList::Ordered => &[
                "System.Collections.Specialized.OrderedDictionary",
                "System.Object",
            ],
        }
    }
}

pub(super) struct Writer {
    pub(super) out: String,
    newline: &'static str,
    indent: usize,
    objects: u32,
    /// The ids of type names by their text, with a separator that no name can hold.
    types: HashMap<String, u32>,
    known: [Option<u32>; 4],
    depth: usize,
    empty: bool,
}

const SPACES: &str = "                                                                                                ";

impl Writer {
    pub(super) fn new(options: &WriteOptions) -> Self {
        Writer {
            out: format!("<Objs Version=\"1.1.0.1\" xmlns=\"{NAMESPACE}\""),
            newline: options.newline.as_str(),
            indent: 1,
            objects: 0,
            types: HashMap::new(),
            known: [None; 4],
            depth: 0,
            empty: true,
        }
    }

    /// The document, complete.
    pub(super) fn finish(mut self) -> String {
        if self.empty {
            self.out.push_str(" />");
        } else {
            self.out.push_str(self.newline);
            self.out.push_str("</Objs>");
        }
        self.out
    }

    #[inline]
    pub(super) fn line(&mut self) {
        if self.empty {
            self.empty = false;
            self.out.push('>');
        }
        self.out.push_str(self.newline);
        let mut spaces = 2 * self.indent;
        while spaces > SPACES.len() {
            self.out.push_str(SPACES);
            spaces -= SPACES.len();
        }
        self.out.push_str(&SPACES[..spaces]);
    }

    #[inline]
    pub(super) fn name(&mut self, name: Name<'_>) {
        match name {
            Name::None => {}
            Name::Member(name) => {
                self.out.push_str(" N=\"");
                encode(&mut self.out, name, true);
                self.out.push('"');
            }
            Name::Key => self.out.push_str(" N=\"Key\""),
            Name::Value => self.out.push_str(" N=\"Value\""),
        }
    }

    /// One level of values further inside.
    pub(super) fn enter(&mut self) -> Result<(), Error> {
        // What lies deeper, PowerShell would not read.
        if self.depth == MAX_DEPTH {
            return Err(Error::data(format!(
                "values nest deeper than the {MAX_DEPTH} levels that PowerShell reads"
            )));
        }
        self.depth += 1;
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Starts a line with a tag that takes its content on the same line.
    #[inline]
    pub(super) fn start_leaf(&mut self, kind: Kind, name: Name<'_>) {
        self.line();
        self.out.push('<');
        self.out.push_str(kind.tag());
        self.name(name);
        self.out.push('>');
    }

    #[inline]
    pub(super) fn end_leaf(&mut self, kind: Kind) {
        self.out.push_str("</");
        self.out.push_str(kind.tag());
        self.out.push('>');
    }

    pub(super) fn nil(&mut self, name: Name<'_>) {
        self.line();
        self.out.push_str("<Nil");
        self.name(name);
        self.out.push_str(" />");
    }

    /// A primitive whose text needs no escapes.
    #[expect(dead_code, reason = "the dynamic value, which comes next, needs it")]
    pub(super) fn plain(&mut self, kind: Kind, name: Name<'_>, text: &str) {
        self.start_leaf(kind, name);
        self.out.push_str(text);
        self.end_leaf(kind);
    }

    /// A primitive with any text.
    #[inline]
    pub(super) fn text(&mut self, kind: Kind, name: Name<'_>, text: &str) {
        self.start_leaf(kind, name);
        encode(&mut self.out, text, false);
        self.end_leaf(kind);
    }

    pub(super) fn display(&mut self, kind: Kind, name: Name<'_>, value: impl std::fmt::Display) {
        self.start_leaf(kind, name);
        // Writing to a `String` cannot fail.
        let _ = write!(self.out, "{value}");
        self.end_leaf(kind);
    }

    /// Opens an object and gives it the next id.
    pub(super) fn open_object(&mut self, name: Name<'_>) -> u32 {
        self.line();
        self.out.push_str("<Obj");
        self.name(name);
        let id = self.objects;
        let _ = write!(self.out, " RefId=\"{id}\">");
        self.objects += 1;
        self.indent += 1;
        id
    }

    pub(super) fn open(&mut self, kind: Kind) {
        self.line();
        self.out.push('<');
        self.out.push_str(kind.tag());
        self.out.push('>');
        self.indent += 1;
    }

    pub(super) fn close(&mut self, kind: Kind) {
        self.indent -= 1;
        self.line();
        self.end_leaf(kind);
    }

    /// An element without content, such as `<LST />`.
    pub(super) fn void(&mut self, kind: Kind) {
        self.line();
        self.out.push('<');
        self.out.push_str(kind.tag());
        self.out.push_str(" />");
    }

    pub(super) fn known_types(&mut self, list: TypeList) {
        match self.known[list as usize] {
            Some(id) => self.types_ref(id),
            None => self.known[list as usize] = Some(self.types(list.names().iter().copied())),
        }
    }

    /// Writes a list of type names, or a reference to an equal one; returns its id.
    pub(super) fn types<'a>(&mut self, names: impl Iterator<Item = &'a str> + Clone) -> u32 {
        let mut key = String::new();
        for name in names.clone() {
            key.push_str(name);
            key.push_str("@@@");
        }
        let next = self.types.len() as u32;
        if let Some(id) = self.types.get(&key) {
            let id = *id;
            self.types_ref(id);
            return id;
        }
        self.types.insert(key, next);
        self.line();
        let _ = write!(self.out, "<TN RefId=\"{next}\"");
        let mut names = names.peekable();
        if names.peek().is_none() {
            self.out.push_str(" />");
            return next;
        }
        self.out.push('>');
        self.indent += 1;
        for name in names {
            self.text(Kind::TypeName, Name::None, name);
        }
        self.close(Kind::TypeNames);
        next
    }

    fn types_ref(&mut self, id: u32) {
        self.line();
        let _ = write!(self.out, "<TNRef RefId=\"{id}\" />");
    }
}
