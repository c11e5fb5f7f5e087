use crate::clixml::base::error::Error;

/// What an element is. Names are matched exactly: `i32` is not an `I32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Objs,
    Obj,
    Nil,
    Ref,
    TypeNames,
    TypeNamesRef,
    TypeName,
    ToString,
    Props,
    Members,
    List,
    Enumerable,
    Stack,
    Queue,
    Dictionary,
    Entry,
    String,
    Char,
    Bool,
    Byte,
    SByte,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    Single,
    Double,
    Decimal,
    DateTime,
    Duration,
    Guid,
    Uri,
    Version,
    XmlDocument,
    ScriptBlock,
    Bytes,
    SecureString,
    Progress,
}

use Kind as K;

impl Kind {
    pub(crate) fn of(name: &[u8]) -> Option<Kind> {
        // Patterns of bytes are compared without a call, unlike strings.
        Some(match name {
            [b'S'] => K::String,
            [b'I', b'3', b'2'] => K::I32,
            [b'T'] => K::TypeName,
            [b'O', b'b', b'j'] => K::Obj,
            [b'T', b'N'] => K::TypeNames,
            [b'T', b'N', b'R', b'e', b'f'] => K::TypeNamesRef,
            [b'M', b'S'] => K::Members,
            [b'L', b'S', b'T'] => K::List,
            [b'D', b'C', b'T'] => K::Dictionary,
            [b'E', b'n'] => K::Entry,
            [b'N', b'i', b'l'] => K::Nil,
            [b'R', b'e', b'f'] => K::Ref,
            [b'P', b'r', b'o', b'p', b's'] => K::Props,
            [b'T', b'o', b'S', b't', b'r', b'i', b'n', b'g'] => K::ToString,
            [b'I', b'E'] => K::Enumerable,
            [b'S', b'T', b'K'] => K::Stack,
            [b'Q', b'U', b'E'] => K::Queue,
            [b'O', b'b', b'j', b's'] => K::Objs,
            [b'C'] => K::Char,
            [b'B'] => K::Bool,
            [b'B', b'y'] => K::Byte,
            [b'S', b'B'] => K::SByte,
            [b'U', b'1', b'6'] => K::U16,
            [b'I', b'1', b'6'] => K::I16,
            [b'U', b'3', b'2'] => K::U32,
            [b'U', b'6', b'4'] => K::U64,
            [b'I', b'6', b'4'] => K::I64,
            [b'S', b'g'] => K::Single,
            [b'D', b'b'] => K::Double,
            [b'D'] => K::Decimal,
            [b'D', b'T'] => K::DateTime,
            [b'T', b'S'] => K::Duration,
            [b'G'] => K::Guid,
            [b'U', b'R', b'I'] => K::Uri,
            [b'V', b'e', b'r', b's', b'i', b'o', b'n'] => K::Version,
            [b'X', b'D'] => K::XmlDocument,
            [b'S', b'B', b'K'] => K::ScriptBlock,
            [b'B', b'A'] => K::Bytes,
            [b'S', b'S'] => K::SecureString,
            [b'P', b'R'] => K::Progress,
            _ => return None,
        })
    }

    /// The element's name, as PowerShell writes it.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            K::Objs => "Objs",
            K::Obj => "Obj",
            K::Nil => "Nil",
            K::Ref => "Ref",
            K::TypeNames => "TN",
            K::TypeNamesRef => "TNRef",
            K::TypeName => "T",
            K::ToString => "ToString",
            K::Props => "Props",
            K::Members => "MS",
            K::List => "LST",
            K::Enumerable => "IE",
            K::Stack => "STK",
            K::Queue => "QUE",
            K::Dictionary => "DCT",
            K::Entry => "En",
            K::String => "S",
            K::Char => "C",
            K::Bool => "B",
            K::Byte => "By",
            K::SByte => "SB",
            K::U16 => "U16",
            K::I16 => "I16",
            K::U32 => "U32",
            K::I32 => "I32",
            K::U64 => "U64",
            K::I64 => "I64",
            K::Single => "Sg",
            K::Double => "Db",
            K::Decimal => "D",
            K::DateTime => "DT",
            K::Duration => "TS",
            K::Guid => "G",
            K::Uri => "URI",
            K::Version => "Version",
            K::XmlDocument => "XD",
            K::ScriptBlock => "SBK",
            K::Bytes => "BA",
            K::SecureString => "SS",
            K::Progress => "PR",
        }
    }

    pub(crate) const fn is_primitive(self) -> bool {
        self as u8 >= K::String as u8
    }

    pub(crate) const fn is_items(self) -> bool {
        matches!(self, K::List | K::Enumerable | K::Stack | K::Queue)
    }

    pub(crate) const fn is_bag(self) -> bool {
        matches!(self, K::Props | K::Members)
    }

    /// What may stand where a value is expected.
    pub(crate) const fn is_value(self) -> bool {
        self.is_primitive() || matches!(self, K::Obj | K::Nil | K::Ref)
    }

    /// The elements whose namespace PowerShell looks at. It reads numbers from any namespace.
    pub(crate) const fn needs_namespace(self) -> bool {
        !self.is_primitive()
            || matches!(
                self,
                K::String | K::ScriptBlock | K::Uri | K::XmlDocument | K::Progress
            )
    }

    /// Whether `_xHHHH_` in the text stands for a UTF-16 unit.
    pub(crate) const fn is_escaped(self) -> bool {
        matches!(
            self,
            K::String
                | K::ScriptBlock
                | K::Uri
                | K::XmlDocument
                | K::TypeName
                | K::ToString
                | K::Progress
        )
    }
}

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
    /// Where its `<` stands.
    pub(crate) offset: u32,
    pub(crate) next: u32,
    pub(crate) name: Span,
    /// The raw text of a leaf; for a reference, `start` is the index of its target.
    pub(crate) text: Span,
}

/// Documents of nothing but small elements must stay a small multiple of themselves in memory.
const _: () = assert!(size_of::<Node>() <= 28);

/// A checked document: its elements in document order, borrowing from its text.
pub(crate) struct Tape<'de> {
    pub(crate) source: &'de str,
    pub(crate) nodes: Vec<Node>,
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

    /// How much of the source a node covers.
    pub(crate) fn extent(&self, index: u32) -> usize {
        let node = self.node(index);
        let end = self
            .nodes
            .get(node.next as usize)
            .map_or(self.source.len(), |next| next.offset as usize);
        end - node.offset as usize
    }

    /// Where a reference points, followed until something that is no reference.
    pub(crate) fn target(&self, node: &Node) -> u32 {
        node.text.start
    }

    /// Places an error at a node.
    pub(crate) fn place(&self, error: Error, index: u32) -> Error {
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
