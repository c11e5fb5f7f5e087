//! Finds the elements of a document from what serde's buffers hold of them.
//!
//! A buffer keeps no kinds: a date is a string there, and an `ArrayList` a list. But its strings are still parts of the
//! document, so their addresses lead back to the element; and if there is no string, only elements with the same plain
//! data come into question.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::plain::Plain;
use super::signature::Signatures;
use super::value_builder::Builder;
use super::view::Context;
use super::widths::{self, Widths};
use crate::clixml::base::error::Error;
use crate::clixml::base::options::ReadOptions;
use crate::clixml::element::kind::Kind;
use crate::clixml::element::type_tag::TypeTag;
use crate::clixml::lexical::wtf8;
use crate::clixml::parse::tape::{Node, Span, Tape};
use crate::clixml::value::dynamic::{Object, Value};
use crate::clixml::value::text::Text;

/// A copy of a document, without its lifetime, and its elements by signature.
pub(crate) struct Index {
    source: String,
    nodes: Vec<Node>,
    streams: Vec<(u32, Span)>,
    options: ReadOptions,
    targets: Option<HashSet<u32>>,
    by_signature: HashMap<u64, Vec<u32>>,
    pub(super) widths: Rc<Widths>,
    signatures: HashMap<u32, u64>,
    /// The elements that a buffer has had, and the same by signature.
    buffered: HashSet<u32>,
    buffered_by_signature: HashMap<u64, Buffered>,
}

impl Index {
    pub(super) fn new(tape: &Tape<'_>, options: &ReadOptions) -> Self {
        let mut index = Index {
            source: tape.source.to_owned(),
            nodes: tape.nodes.clone(),
            streams: tape.streams.clone(),
            // Each element is built once for each time that a buffer has it.
            options: options.clone().max_expansion(usize::MAX),
            targets: None,
            by_signature: HashMap::new(),
            widths: Rc::default(),
            signatures: HashMap::new(),
            buffered: HashSet::new(),
            buffered_by_signature: HashMap::new(),
        };
        let (widths, signatures) = index.with_context(|context| {
            let values = values(context);
            let widths = widths::choose(context, &values);
            let mut all = Signatures::new(context, &widths);
            let signatures: Vec<_> = values
                .into_iter()
                .filter_map(|node| Some((node, all.of(node)?)))
                .collect();
            (widths, signatures)
        });
        for (node, signature) in &signatures {
            let nodes = index.by_signature.entry(*signature).or_default();
            nodes.push(*node);
        }
        index.widths = Rc::new(widths);
        index.signatures = signatures.into_iter().collect();
        index
    }

    /// Notes that a buffer has this element.
    pub(super) fn note(&mut self, node: u32) {
        // The root of a document with one object is that object.
        let node = if node == 0 && !self.signatures.contains_key(&0) {
            1
        } else {
            node
        };
        if let Some(signature) = self.signatures.get(&node)
            && self.buffered.insert(node)
        {
            let buffered = self.buffered_by_signature.entry(*signature);
            buffered.or_default().nodes.push(node);
        }
    }

    fn with_context<R>(&mut self, read: impl FnOnce(&Context<'_>) -> R) -> R {
        let tape = Tape {
            source: &self.source,
            nodes: std::mem::take(&mut self.nodes),
            streams: std::mem::take(&mut self.streams),
        };
        let mut context = Context::new(tape, &self.options);
        context.targets = self
            .targets
            .take()
            .map_or_else(OnceCell::new, OnceCell::from);
        let result = read(&context);
        self.nodes = context.tape.nodes;
        self.streams = context.tape.streams;
        self.targets = context.targets.into_inner();
        result
    }

    /// The value of which a buffer holds `plain`, or `None` if it could be one of several. `document` has the addresses
    /// of the text that was read.
    pub(super) fn value(
        &mut self,
        plain: Plain,
        document: &Range<usize>,
    ) -> Result<Option<Value>, Error> {
        let signature = plain.signature();
        let candidates = self
            .by_signature
            .get(&signature)
            .map_or(&[][..], |nodes| nodes);
        // The first address is that of the text of elements without any.
        let address =
            plain.address(&|address| address > document.start && document.contains(&address));
        if let Some(address) = address {
            let offset = address - document.start;
            return match self.containing(candidates, offset) {
                Some(node) => self.build(node).map(Some),
                None => self.parts(plain, document),
            };
        }
        let Some(mut buffered) = self.buffered_by_signature.remove(&signature) else {
            return self.parts(plain, document);
        };
        let value = buffered.value(|node| self.build(node));
        self.buffered_by_signature.insert(signature, buffered);
        value
    }

    /// The outermost candidate whose source contains the offset.
    fn containing(&self, candidates: &[u32], offset: usize) -> Option<u32> {
        let contains = |node: u32| {
            let node = &self.nodes[node as usize];
            let end = self
                .nodes
                .get(node.next as usize)
                .map_or(self.source.len(), |next| next.offset as usize);
            (node.offset as usize..end).contains(&offset)
        };
        let after =
            candidates.partition_point(|node| self.nodes[*node as usize].offset as usize <= offset);
        let mut around = candidates[..after]
            .iter()
            .rev()
            .copied()
            .take_while(|node| contains(*node));
        let innermost = around.next()?;
        Some(around.last().unwrap_or(innermost))
    }

    fn build(&mut self, node: u32) -> Result<Value, Error> {
        self.with_context(|context| Builder::new(context).value(node, 0))
    }

    /// A value that is no element of its own: the rest of an object, after a buffer gave some members to others.
    pub(super) fn parts(
        &mut self,
        plain: Plain,
        document: &Range<usize>,
    ) -> Result<Option<Value>, Error> {
        let entries = match plain {
            Plain::Map(entries) => entries,
            // A byte of a byte array, or the name of a member.
            Plain::Scalar(value, _) => return Ok(Some(value)),
            Plain::Text(text, _) => return Ok(Some(text.into())),
            Plain::List(_) | Plain::Bytes(_) => {
                return Err(Error::data(
                    "this part of a list has lost its types behind an enum with an internal tag; use an object",
                ));
            }
        };
        let mut members: Vec<(Text, Value)> = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let name = match key {
                Plain::Text(name, _) if TypeTag::of(&name).is_none() => name.into(),
                Plain::Bytes(name) => Text::from_utf16(&wtf8::decode(&name).unwrap_or_default()),
                _ => {
                    return Err(Error::data(
                        "a dictionary whose keys are no text cannot be a `Value` behind `flatten` or a tag",
                    ));
                }
            };
            let Some(value) = self.value(value, document)? else {
                return Ok(None);
            };
            members.push((name, value));
        }
        Ok(Some(Object::custom(members).into()))
    }
}

/// The elements with one signature that a buffer has had.
#[derive(Default)]
struct Buffered {
    nodes: Vec<u32>,
    /// How many of them were compared.
    compared: usize,
    first: Option<Value>,
    differ: bool,
}

impl Buffered {
    /// The value of all these elements, or `None` if they differ.
    fn value(
        &mut self,
        mut build: impl FnMut(u32) -> Result<Value, Error>,
    ) -> Result<Option<Value>, Error> {
        for node in &self.nodes[self.compared..] {
            let value = build(*node)?;
            match &self.first {
                None => self.first = Some(value),
                Some(first) => self.differ |= !is_same(&value, first),
            }
        }
        self.compared = self.nodes.len();
        Ok(self.first.clone().filter(|_| !self.differ))
    }
}

/// The error for a value that could be one of several.
pub(super) fn lost() -> Error {
    Error::data(
        "a `Value` behind `flatten` or in a tagged or untagged enum could be one of several elements with the same content and different types; read the member as a field of its own",
    )
}

/// The same value. `NaN` is the same as itself.
fn is_same(one: &Value, other: &Value) -> bool {
    one == other || format!("{one:?}") == format!("{other:?}")
}

/// The elements that can be read as a value, in document order.
fn values(context: &Context<'_>) -> Vec<u32> {
    let tape = &context.tape;
    let mut values = Vec::new();
    let mut open: Vec<(u32, Kind)> = Vec::new();
    for index in 0..tape.nodes.len() as u32 {
        let node = tape.node(index);
        while open.last().is_some_and(|(end, _)| *end <= index) {
            open.pop();
        }
        let fits = match open.last().map(|(_, kind)| *kind) {
            None => tape.children(index).count() != 1,
            Some(Kind::Objs | Kind::Props | Kind::Members | Kind::Entry) => true,
            Some(kind) if kind.is_collection() => true,
            // What an object wraps is read as the object, unless a reference means the inner one.
            Some(Kind::Obj) => node.kind == Kind::Obj && context.is_target(index),
            Some(_) => false,
        };
        if fits {
            values.push(index);
        }
        open.push((node.next, node.kind));
    }
    values
}
