//! A checked document as a list of its elements.

use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::decode::{Decoded, decode_attribute, decode_text};

/// A part of the source: start and length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Span {
            start: start as u32,
            len: (end - start) as u32,
        }
    }
}

/// The name of an element has escapes, entities or white space to normalise.
pub(crate) const NAME_RAW: u8 = 1;
/// The text of an element has escapes, entities, CDATA, comments or CR to decode.
pub(crate) const TEXT_RAW: u8 = 2;
/// The element has an `N` attribute.
pub(crate) const NAMED: u8 = 4;

/// One element. Children follow their parent at once; `next` is the index after the whole subtree.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) flags: u8,
    /// The offset of its `<`.
    pub(crate) offset: u32,
    pub(crate) next: u32,
    pub(crate) name: Span,
    /// The raw text of a leaf; for a reference, `start` is the index of its target.
    pub(crate) text: Span,
}

/// A document of many small elements must not take many times its size in memory.
const _: () = assert!(size_of::<Node>() <= 28);

/// A checked document: its elements in document order, borrowing from its text.
pub(crate) struct Tape<'de> {
    pub(crate) source: &'de str,
    pub(crate) nodes: Vec<Node>,
    /// The `S` attributes of the objects of the document that have one, in document order.
    pub(crate) streams: Vec<(u32, Span)>,
}

impl<'de> Tape<'de> {
    #[inline]
    pub(crate) fn node(&self, index: u32) -> &Node {
        &self.nodes[index as usize]
    }

    #[inline]
    pub(crate) fn slice(&self, span: Span) -> &'de str {
        let start = span.start as usize;
        &self.source[start..start + span.len as usize]
    }

    /// The children of a node, by index.
    pub(crate) fn children(&self, parent: u32) -> Children<'_> {
        Children {
            nodes: &self.nodes,
            at: parent + 1,
            end: self.node(parent).next,
        }
    }

    /// The length of a node in the source, with its children.
    pub(crate) fn extent(&self, index: u32) -> usize {
        let node = self.node(index);
        let end = self
            .nodes
            .get(node.next as usize)
            .map_or(self.source.len(), |next| next.offset as usize);
        end - node.offset as usize
    }

    /// The target of a reference.
    pub(crate) fn target(&self, node: &Node) -> u32 {
        node.text.start
    }

    /// The name of an element, decoded.
    #[inline]
    pub(crate) fn name(&self, node: &Node) -> Decoded<'de> {
        let raw = self.slice(node.name);
        if node.flags & NAME_RAW == 0 {
            Decoded::Str(raw.into())
        } else {
            decode_attribute(raw, true)
        }
    }

    /// The stream of an object of the document.
    pub(crate) fn stream(&self, index: u32) -> Option<String> {
        let at = self
            .streams
            .binary_search_by_key(&index, |(node, _)| *node)
            .ok()?;
        let raw = self.slice(self.streams[at].1);
        Some(decode_attribute(raw, false).lossy().into_owned())
    }

    /// The text of a leaf, decoded.
    #[inline]
    pub(crate) fn text(&self, node: &Node) -> Decoded<'de> {
        let raw = self.slice(node.text);
        if node.flags & TEXT_RAW == 0 {
            Decoded::Str(raw.into())
        } else {
            decode_text(raw, node.kind.is_escaped())
        }
    }

    /// Sets the position of an error to that of a node, unless it has one.
    pub(crate) fn locate(&self, error: Error, index: u32) -> Error {
        error.at(self.node(index).offset as usize)
    }
}

#[derive(Clone)]
pub(crate) struct Children<'t> {
    nodes: &'t [Node],
    at: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        if self.at >= self.end {
            return None;
        }
        let index = self.at;
        self.at = self.nodes[index as usize].next;
        Some(index)
    }
}
