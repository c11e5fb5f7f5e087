//! Builds the tape from events. It keeps its own stack, so deeply nested input cannot make it recurse.

use super::ids::Ids;
use super::namespaces::Namespaces;
use super::start_tag::Tag;
use super::tape::{NAME_RAW, NAMED, Node, Span, TEXT_RAW, Tape};
use crate::clixml::base::error::Error;
use crate::clixml::base::options::ReadOptions;
use crate::clixml::base::truncate::truncate;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::decode::{Decoded, decode_text};
use crate::clixml::lexical::invalid::InvalidText;
use crate::clixml::lexical::xml;

/// What may come next inside an open element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    Document,
    Object,
    Items,
    Dictionary,
    /// An entry, with the number of its parts so far: key, then value.
    Entry(u8),
    PropertySet,
    TypeNames,
    /// A primitive, with the offset of its text.
    Leaf(usize),
    /// A progress record, with the number of its parts so far.
    Progress(u8),
    /// PowerShell ignores the content.
    Ignored,
}

pub(crate) struct Frame {
    pub(crate) expected: Expected,
    pub(crate) node: u32,
    /// Whether it counts as a level of depth.
    pub(crate) level: bool,
    /// The number of namespace declarations in scope outside this element.
    pub(crate) declarations: usize,
}

pub(crate) struct Builder<'de, 'o> {
    pub(crate) source: &'de str,
    pub(crate) options: &'o ReadOptions,
    pub(crate) nodes: Vec<Node>,
    pub(crate) streams: Vec<(u32, Span)>,
    pub(crate) frames: Vec<Frame>,
    pub(crate) namespaces: Namespaces<'de>,
    pub(crate) objects: Ids<'de>,
    pub(crate) types: Ids<'de>,
    pub(crate) depth: usize,
    /// Whether the text of the open leaf needs decoding.
    pub(crate) raw: bool,
    /// Whether to skip unknown elements, as in documents of a later minor version.
    pub(crate) lenient: bool,
    pub(crate) done: bool,
}

impl<'de, 'o> Builder<'de, 'o> {
    pub(crate) fn new(source: &'de str, options: &'o ReadOptions) -> Self {
        Builder {
            source,
            options,
            // An estimate: PowerShell's elements take about 40 bytes.
            nodes: Vec::with_capacity(source.len() / 48),
            streams: Vec::new(),
            frames: Vec::new(),
            namespaces: Namespaces::default(),
            objects: Ids::default(),
            types: Ids::default(),
            depth: 0,
            raw: false,
            lenient: false,
            done: false,
        }
    }

    /// The tape, once the document has ended.
    pub(crate) fn finish(self) -> Result<Tape<'de>, Error> {
        if let Some(frame) = self.frames.last() {
            let node = &self.nodes[frame.node as usize];
            let message = format!(
                "the document ends inside `<{}>`; it was cut off",
                node.kind.tag()
            );
            return Err(Error::xml(self.source.len(), message));
        }
        if !self.done {
            return Err(Error::xml(
                self.source.len(),
                "expected a CLIXML document, found nothing; it starts with `<Objs`",
            ));
        }
        Ok(Tape {
            source: self.source,
            nodes: self.nodes,
            streams: self.streams,
        })
    }

    /// Adds leaves without attributes other than `N` and without invalid text. Returns the offset after them.
    pub(crate) fn plain_leaves(&mut self, mut offset: usize) -> usize {
        while self.namespaces.default_is_powershell() {
            let Some(leaf) = super::fast_path::leaf(self.source, offset) else {
                break;
            };
            if leaf.text.len as usize > self.options.max_text || !self.add_leaf(&leaf) {
                break;
            }
            offset = leaf.end;
        }
        offset
    }

    /// Adds a leaf if it is certainly valid. Any other goes through the events, which report the error.
    fn add_leaf(&mut self, leaf: &super::fast_path::Leaf) -> bool {
        let Some(frame) = self.frames.last_mut() else {
            return false;
        };
        let fits = match frame.expected {
            Expected::Items | Expected::Document => leaf.kind.is_primitive(),
            Expected::PropertySet => {
                leaf.kind.is_primitive() && leaf.flags & NAMED != 0 && leaf.name.len > 0
            }
            Expected::TypeNames => leaf.kind == Kind::TypeName,
            _ => false,
        };
        if !fits
            || self.nodes.len() >= self.options.max_elements
            || self.depth >= self.options.max_depth
        {
            return false;
        }
        if !matches!(leaf.kind, Kind::String | Kind::TypeName) {
            let text =
                &self.source[leaf.text.start as usize..(leaf.text.start + leaf.text.len) as usize];
            if leaf.flags & TEXT_RAW != 0 || leaf.kind.check(text).is_err() {
                return false;
            }
        }
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node {
            kind: leaf.kind,
            flags: leaf.flags,
            offset: leaf.offset as u32,
            next,
            name: leaf.name,
            text: leaf.text,
        });
        true
    }

    pub(crate) fn push(
        &mut self,
        kind: Kind,
        tag: &Tag<'de>,
        offset: usize,
    ) -> Result<&mut Node, Error> {
        if self.nodes.len() >= self.options.max_elements {
            let message = format!(
                "the document has more than {} elements",
                self.options.max_elements
            );
            return Err(Error::limit(offset, message));
        }
        let mut flags = 0;
        let mut name = Span::default();
        if let Some(text) = tag.name {
            flags |= NAMED;
            name = Span::new(tag.name_offset, tag.name_offset + text.len());
            if text
                .bytes()
                .any(|byte| matches!(byte, b'_' | b'&' | b'\t' | b'\n' | b'\r'))
            {
                flags |= NAME_RAW;
            }
        }
        let at = self.nodes.len();
        let next = at as u32 + 1;
        self.nodes.push(Node {
            kind,
            flags,
            offset: offset as u32,
            next,
            name,
            text: Span::default(),
        });
        Ok(&mut self.nodes[at])
    }

    pub(crate) fn close(&mut self, start: usize) -> Result<(), Error> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        self.namespaces.truncate(frame.declarations);
        self.depth -= usize::from(frame.level);
        let last = self.nodes.len() as u32;
        let node = &mut self.nodes[frame.node as usize];
        node.next = last;
        match frame.expected {
            Expected::Document => self.done = true,
            Expected::Leaf(from) => {
                node.text = Span::new(from, start);
                // This flag is for the text; names have their own.
                if self.raw {
                    node.flags |= TEXT_RAW;
                }
                let node = *node;
                self.check_leaf(&node)?;
            }
            Expected::Entry(0 | 1) => {
                return Err(Error::clixml(
                    start,
                    "a dictionary's entry needs a key and a value",
                ));
            }
            Expected::Progress(step) if step < 8 => {
                return Err(Error::clixml(
                    start,
                    "the progress record lacks one of its eight parts",
                ));
            }
            _ => {}
        }
        Ok(())
    }

    fn check_leaf(&self, node: &Node) -> Result<(), Error> {
        let offset = node.offset as usize;
        let raw =
            &self.source[node.text.start as usize..(node.text.start + node.text.len) as usize];
        if raw.len() > self.options.max_text {
            let message = format!(
                "one text has {} bytes, more than the {} that are allowed",
                raw.len(),
                self.options.max_text
            );
            return Err(Error::limit(offset, message));
        }
        if matches!(
            node.kind,
            Kind::String | Kind::TypeName | Kind::ToString | Kind::ScriptBlock
        ) {
            return Ok(());
        }
        let verdict = if node.flags & TEXT_RAW == 0 {
            node.kind.check(raw)
        } else {
            match decode_text(raw, node.kind.is_escaped()) {
                Decoded::Str(text) => node.kind.check(&text),
                Decoded::Utf16(_) if matches!(node.kind, Kind::Uri) => Ok(()),
                Decoded::Utf16(_) => Err(InvalidText::Syntax),
            }
        };
        verdict.map_err(|misfit| {
            let (tag, expected) = (node.kind.tag(), node.kind.content());
            if node.kind.is_secret() {
                let message = format!("`<{tag}>` holds {expected}, found something else");
                return Error::clixml(offset, message);
            }
            let found = truncate(raw);
            let doubt = if misfit == InvalidText::OutOfRange {
                ", which is out of range"
            } else {
                ""
            };
            Error::clixml(
                offset,
                format!("`<{tag}>` holds {expected}, found \"{found}\"{doubt}"),
            )
        })
    }

    pub(crate) fn text(&mut self, text: &str, offset: usize) -> Result<(), Error> {
        match self.frames.last().map(|frame| (frame.expected, frame.node)) {
            Some((Expected::Leaf(_), node)) => {
                xml::check_text(text, offset)?;
                let escaped = self.nodes[node as usize].kind.is_escaped();
                self.raw |= text
                    .bytes()
                    .any(|byte| byte == b'\r' || (byte == b'_' && escaped));
                Ok(())
            }
            Some((Expected::Ignored, _)) => xml::check_text(text, offset),
            _ if xml::is_blank(text) => Ok(()),
            expected => {
                let at = text
                    .find(|c: char| !matches!(c, ' ' | '\t' | '\r' | '\n'))
                    .unwrap_or(0);
                let found = truncate(text.trim()).into_owned();
                Err(match expected {
                    Some(_) => Error::clixml(
                        offset + at,
                        format!("expected an element, found the text \"{found}\""),
                    ),
                    None if self.done => Error::xml(
                        offset + at,
                        format!("nothing may follow the document, found \"{found}\""),
                    ),
                    None => Error::xml(
                        offset + at,
                        format!(
                            "expected a CLIXML document, found \"{found}\"; it starts with `<Objs`"
                        ),
                    ),
                })
            }
        }
    }

    pub(crate) fn reference(&mut self, name: &str, offset: usize) -> Result<(), Error> {
        xml::check_reference(name, offset)?;
        self.content(offset)
    }

    pub(crate) fn cdata(&mut self, section: &str, offset: usize) -> Result<(), Error> {
        xml::check_characters(section, offset)?;
        self.content(offset)
    }

    /// References and CDATA, which are valid in a leaf and in ignored content.
    fn content(&mut self, offset: usize) -> Result<(), Error> {
        match self.frames.last().map(|frame| frame.expected) {
            Some(Expected::Leaf(_)) => {
                self.raw = true;
                Ok(())
            }
            Some(Expected::Ignored) => Ok(()),
            _ => Err(Error::clixml(offset, "expected an element, found text")),
        }
    }

    /// A comment or processing instruction. It may be in the middle of a text, which then needs decoding.
    pub(crate) fn mark_raw(&mut self) {
        self.raw = true;
    }
}
