//! The path of the member in which parsing stopped.

use super::builder::Builder;
use super::tape::{NAMED, Span};
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::decode::{decode_attribute, decode_text};

impl Builder<'_, '_> {
    /// Adds the path of the open elements to an error.
    pub(crate) fn with_path(&self, mut error: Error) -> Error {
        let mut chain: Vec<u32> = self.frames.iter().map(|frame| frame.node).collect();
        // A leaf is already closed when its text is checked.
        if let Some(last) = self.nodes.last()
            && error.offset() == Some(last.offset as usize)
            && chain
                .last()
                .is_none_or(|open| self.nodes[*open as usize].offset < last.offset)
        {
            chain.push(self.nodes.len() as u32 - 1);
        }
        for pair in chain.windows(2).rev() {
            error = self.with_step(error, pair[0], pair[1]);
        }
        error
    }

    /// Adds the step from an element to one of its children, if the child has a name or an index.
    fn with_step(&self, error: Error, parent: u32, child: u32) -> Error {
        let kind = self.nodes[parent as usize].kind;
        let node = &self.nodes[child as usize];
        if kind.is_collection() {
            return error.in_item(self.index_of(parent, child));
        }
        if kind.is_property_set() && node.flags & NAMED != 0 {
            let name = self.slice(node.name);
            return error.in_member(&decode_attribute(name, true).lossy());
        }
        // The value of an entry is named by its key.
        let key = &self.nodes[parent as usize + 1];
        if kind == Kind::Entry && child > parent + 1 && key.kind.is_secret() {
            return error.in_member("…");
        }
        if kind == Kind::Entry && child > parent + 1 && key.kind.is_primitive() {
            let text = decode_text(self.slice(key.text), key.kind.is_escaped());
            return error.in_member(&text.lossy());
        }
        error
    }

    fn slice(&self, span: Span) -> &str {
        &self.source[span.start as usize..(span.start + span.len) as usize]
    }

    /// The index of a child among the children of its parent.
    fn index_of(&self, parent: u32, child: u32) -> usize {
        let mut before = 0;
        let mut at = parent + 1;
        while at < child {
            before += 1;
            at = self.nodes[at as usize].next.max(at + 1);
        }
        before
    }
}
