//! An element as Rust types see it: references are followed, and wrapping objects are skipped.

use std::cell::{Cell, OnceCell};
use std::collections::HashSet;

use crate::clixml::base::error::{Category, Error};
use crate::clixml::base::options::ReadOptions;
use crate::clixml::base::truncate::truncate;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::decode::Decoded;
use crate::clixml::parse::tape::{Node, Tape};

/// A document that is being read into a Rust type.
pub(crate) struct Context<'de> {
    pub(crate) tape: Tape<'de>,
    /// The number of bytes that may still be read again through references.
    budget: Cell<usize>,
    full_budget: usize,
    max_level: usize,
    /// The targets of all references, collected on first use.
    pub(super) targets: OnceCell<HashSet<u32>>,
}

/// The shape of an element for Rust types.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Nil,
    /// A primitive.
    Leaf(u32),
    /// A list, stack, queue or other collection, or a document of several objects.
    Items(u32),
    Dictionary(u32),
    /// An object that wraps nothing, or a set of members.
    PropertySet(u32),
}

/// An element, after following references and wrapping objects.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) shape: Shape,
    /// The `ToString` of the wrapping object: for an enum, the name of the value.
    pub(crate) to_string: Option<u32>,
}

impl<'de> Context<'de> {
    pub(crate) fn new(tape: Tape<'de>, options: &ReadOptions) -> Self {
        let budget = options
            .max_expansion
            .unwrap_or_else(|| tape.source.len().saturating_mul(8).max(1 << 20));
        // References may lead to objects that are nested deeply themselves.
        Context {
            budget: Cell::new(budget),
            full_budget: budget,
            max_level: options.max_depth + crate::clixml::base::format::MAX_DEPTH,
            targets: OnceCell::new(),
            tape,
        }
    }

    /// Allows to read the document once more.
    pub(super) fn reset_budget(&self) {
        self.budget.set(self.full_budget);
    }

    #[inline]
    pub(crate) fn check_level(&self, level: usize, node: u32) -> Result<(), Error> {
        if level <= self.max_level {
            return Ok(());
        }
        let message = format!(
            "references nest values deeper than {} levels",
            self.max_level
        );
        Err(self.tape.locate(Error::new(Category::Limit, message), node))
    }

    pub(crate) fn view(&self, index: u32) -> Result<View, Error> {
        let mut index = index;
        let mut to_string = None;
        loop {
            let node = self.tape.node(index);
            let shape = match node.kind {
                Kind::Nil => Shape::Nil,
                Kind::Ref => {
                    index = self.follow(index, node)?;
                    continue;
                }
                Kind::Objs => match self.tape.children(index).count() {
                    0 => Shape::Nil,
                    1 => {
                        index += 1;
                        continue;
                    }
                    _ => Shape::Items(index),
                },
                Kind::Obj => {
                    let mut base = None;
                    for child in self.tape.children(index) {
                        let kind = self.tape.node(child).kind;
                        if kind == Kind::ToString {
                            to_string = Some(child);
                        } else if kind.is_primitive()
                            || kind.is_collection()
                            || matches!(kind, Kind::Obj | Kind::Dictionary)
                        {
                            base = Some(child);
                        }
                    }
                    match base {
                        Some(base) => {
                            index = base;
                            continue;
                        }
                        None => Shape::PropertySet(index),
                    }
                }
                Kind::Members => Shape::PropertySet(index),
                Kind::Dictionary => Shape::Dictionary(index),
                kind if kind.is_collection() => Shape::Items(index),
                _ => Shape::Leaf(index),
            };
            return Ok(View { shape, to_string });
        }
    }

    fn follow(&self, index: u32, node: &Node) -> Result<u32, Error> {
        let target = self.tape.target(node);
        if target < index && index < self.tape.node(target).next {
            let message = "the object refers back to itself, which a Rust type cannot hold; read it as a `Value`";
            return Err(self.tape.locate(Error::data(message), index));
        }
        self.charge(index, target)?;
        Ok(target)
    }

    /// Charges the target of a reference to the budget.
    pub(crate) fn charge(&self, index: u32, target: u32) -> Result<(), Error> {
        match self.budget.get().checked_sub(self.tape.extent(target)) {
            Some(rest) => {
                self.budget.set(rest);
                Ok(())
            }
            None => {
                let message = "references to shared objects expand to more than is allowed";
                Err(self
                    .tape
                    .locate(Error::new(Category::Limit, message), index))
            }
        }
    }

    /// Whether a reference refers to this object.
    pub(crate) fn is_target(&self, object: u32) -> bool {
        let targets = self.targets.get_or_init(|| {
            let references = self.tape.nodes.iter().filter(|node| node.kind == Kind::Ref);
            references.map(|node| self.tape.target(node)).collect()
        });
        targets.contains(&object)
    }

    /// The members of a set, in document order.
    pub(crate) fn members(&self, set: u32) -> impl Iterator<Item = u32> + '_ {
        let direct = self.tape.node(set).kind == Kind::Members;
        let sets = self
            .tape
            .children(set)
            .filter(move |child| !direct && self.tape.node(*child).kind.is_property_set());
        let own = direct
            .then(|| self.tape.children(set))
            .into_iter()
            .flatten();
        own.chain(sets.flat_map(|set| self.tape.children(set)))
    }

    /// The key and the value of each entry of a dictionary.
    pub(crate) fn entries(&self, dictionary: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        self.tape.children(dictionary).filter_map(|entry| {
            let mut parts = self.tape.children(entry);
            Some((parts.next()?, parts.next()?))
        })
    }

    pub(crate) fn text(&self, index: u32) -> Decoded<'de> {
        self.tape.text(self.tape.node(index))
    }

    /// Describes the element for an error message.
    pub(crate) fn describe(&self, view: View) -> String {
        let index = match view.shape {
            Shape::Nil => return "null".into(),
            Shape::Items(index) if self.tape.node(index).kind == Kind::Objs => {
                return "several objects".into();
            }
            Shape::Items(_) => return "a list".into(),
            Shape::Dictionary(_) => return "a dictionary".into(),
            Shape::PropertySet(_) => return "an object".into(),
            Shape::Leaf(index) => index,
        };
        let text = match self.text(index) {
            Decoded::Str(text) => text.into_owned(),
            Decoded::Utf16(units) => String::from_utf16_lossy(&units),
        };
        let text = truncate(&text).into_owned();
        match self.tape.node(index).kind {
            Kind::String => format!("string \"{text}\""),
            Kind::Bool => format!("bool {}", text.trim()),
            Kind::Bytes => "a byte array".into(),
            Kind::SecureString => "a secure string".into(),
            Kind::Progress => "a progress record".into(),
            Kind::DateTime => format!("date {}", text.trim()),
            Kind::Duration => format!("duration {}", text.trim()),
            Kind::XmlDocument => "an XML document".into(),
            Kind::ScriptBlock => "a script block".into(),
            kind if kind.is_number() => format!("number {} (`<{}>`)", text.trim(), kind.tag()),
            kind => format!("`<{}>` {}", kind.tag(), text),
        }
    }
}
