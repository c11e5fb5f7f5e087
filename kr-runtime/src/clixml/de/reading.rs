//! One reading of a document into a Rust type, repeated where a first attempt shows what serde's buffers hide.
//!
//! serde does not tell a format the names of fields behind a buffer, nor which members will be a `Value`. A first
//! attempt shows both: the error for a missing field has its name, and a `Value` asks for the kinds. The next attempt
//! has them.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::index::{self, Index};
use super::marked::is_buffer;
use super::plain::Plain;
use super::view::Context;
use super::widths;
use crate::clixml::base::error::{self, Error};
use crate::clixml::base::options::ReadOptions;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::decode::Decoded;
use crate::clixml::lexical::ignore_case::{folded, same_name};
use crate::clixml::lexical::number::parse_int;
use crate::clixml::parse::tape::{NAMED, Node};
use crate::clixml::value::dynamic::Value;

/// The elements of a document for values behind buffers, once they are needed.
pub(crate) type SharedIndex = Option<Rc<RefCell<Index>>>;

struct Reading {
    /// The addresses of the document's text.
    document: Range<usize>,
    index: SharedIndex,
    wants_index: bool,
    /// Whether a value could not be found. An untagged enum must not go on with another variant then.
    lost: bool,
    /// The spelling of fields that the document spells otherwise, by their folded name.
    spellings: Rc<HashMap<String, &'static str>>,
    /// The offsets of texts that are read as a list of one.
    lists: Rc<HashSet<u32>>,
}

thread_local! {
    static CURRENT: RefCell<Option<Reading>> = const { RefCell::new(None) };
    /// Whether the current reading has an index.
    static INDEXED: Cell<bool> = const { Cell::new(false) };
    /// Whether it has texts to read as a list.
    static LISTED: Cell<bool> = const { Cell::new(false) };
}

/// Restores the reading around this one, also after a panic.
struct Outer(Option<Reading>);

impl Drop for Outer {
    fn drop(&mut self) {
        let outer = self.0.take();
        INDEXED.set(outer.as_ref().is_some_and(|outer| outer.index.is_some()));
        LISTED.set(outer.as_ref().is_some_and(|outer| !outer.lists.is_empty()));
        CURRENT.set(outer);
    }
}

/// Calls `read` until it needs nothing more.
pub(crate) fn attempt<T>(
    context: &Context<'_>,
    options: &ReadOptions,
    index: &mut SharedIndex,
    read: impl Fn() -> Result<T, Error>,
) -> Result<T, Error> {
    let start = context.tape.source.as_ptr().addr();
    let mut spellings = Rc::new(HashMap::new());
    let mut lists = Rc::new(HashSet::new());
    loop {
        let outer = Outer(CURRENT.replace(Some(Reading {
            document: start..start + context.tape.source.len(),
            index: index.clone(),
            wants_index: false,
            lost: false,
            spellings: Rc::clone(&spellings),
            lists: Rc::clone(&lists),
        })));
        INDEXED.set(index.is_some());
        LISTED.set(!lists.is_empty());
        let (result, seen) = error::watch(&read);
        let (wants_index, lost) = CURRENT.with_borrow(|current| {
            let current = current.as_ref();
            current.map_or((false, false), |current| {
                (current.wants_index, current.lost)
            })
        });
        drop(outer);
        let mut again = false;
        if wants_index && index.is_none() {
            *index = Some(Rc::new(RefCell::new(Index::new(&context.tape, options))));
            again = true;
        }
        for field in seen.missing {
            if !spellings.contains_key(&folded(field)) && has_other_spelling(context, field) {
                Rc::make_mut(&mut spellings).insert(folded(field), field);
                again = true;
            }
        }
        let document = start..start + context.tape.source.len();
        for address in seen.lists {
            // The first address is that of texts that are no part of the document.
            if address > start && document.contains(&address) {
                again |= Rc::make_mut(&mut lists).insert((address - start) as u32);
            }
        }
        if !again && lost {
            return Err(index::lost());
        }
        if !again {
            return result.map_err(|error| point_at_text(context, error));
        }
        context.reset_budget();
    }
}

/// Gives an error from behind a buffer the position of the element that did not fit.
fn point_at_text(context: &Context<'_>, error: Error) -> Error {
    let tape = &context.tape;
    let Some(offset) = error
        .address()
        .and_then(|address| address.checked_sub(tape.source.as_ptr().addr()))
    else {
        return error;
    };
    let is_it = |node: &&Node| {
        node.kind.is_primitive() && node.text.len > 0 && node.text.start as usize == offset
    };
    match tape.nodes.iter().find(is_it) {
        Some(node) => error.moved_to(node.offset as usize),
        None => error,
    }
}

/// Whether a text is read as a list of one, which a type behind a buffer wants.
pub(super) fn is_list(text: u32) -> bool {
    LISTED.get()
        && CURRENT.with_borrow(|current| {
            current
                .as_ref()
                .is_some_and(|current| current.lists.contains(&text))
        })
}

/// Whether the document has this name in another spelling.
fn has_other_spelling(context: &Context<'_>, field: &str) -> bool {
    let tape = &context.tape;
    let differs = |name: Decoded<'_>| matches!(name, Decoded::Str(name) if name != field && same_name(&name, field));
    (0..tape.nodes.len() as u32).any(|index| {
        let node = tape.node(index);
        match node.kind {
            Kind::Entry => tape.children(index).next().is_some_and(|key| {
                tape.node(key).kind == Kind::String && differs(context.text(key))
            }),
            _ => node.flags & NAMED != 0 && differs(tape.name(node)),
        }
    })
}

/// The spellings of fields, if this is a further attempt.
pub(super) fn spellings() -> Option<Rc<HashMap<String, &'static str>>> {
    CURRENT.with_borrow(|current| {
        let spellings = &current.as_ref()?.spellings;
        (!spellings.is_empty()).then(|| Rc::clone(spellings))
    })
}

/// Notes that one of serde's buffers has an element.
pub(super) fn note<V>(element: u32) {
    if !INDEXED.get() || !is_buffer::<V>() {
        return;
    }
    CURRENT.with_borrow(|current| {
        if let Some(index) = current.as_ref().and_then(|current| current.index.as_ref()) {
            index.borrow_mut().note(element);
        }
    });
}

/// The width in which a buffer gets the integer that an object wraps, see `widths`.
pub(super) fn width(context: &Context<'_>, element: u32) -> Option<(Kind, i128)> {
    if !INDEXED.get() {
        return None;
    }
    let widths = CURRENT.with_borrow(|current| {
        let index = current.as_ref()?.index.as_ref()?;
        Some(Rc::clone(&index.borrow().widths))
    })?;
    let (object, leaf) = widths::wrapped(context, element)?;
    let number = parse_int(&context.text(leaf).lossy(), true).ok()?;
    Some((*widths.get(&object)?, number))
}

/// The value of which a buffer holds `plain`. The rest of a flattened object is an object of its own.
pub(crate) fn value(plain: Plain, flattened: bool) -> Result<Value, Error> {
    if CURRENT.with_borrow(Option::is_none) {
        return plain.into_value();
    }
    let (document, index) = CURRENT
        .with_borrow_mut(|current| {
            let current = current.as_mut()?;
            current.wants_index |= current.index.is_none();
            Some((current.document.clone(), current.index.clone()?))
        })
        .ok_or_else(|| Error::data("a `Value` can only be read together with its document"))?;
    let value = {
        let mut index = index.borrow_mut();
        if flattened {
            index.parts(plain, &document)?
        } else {
            index.value(plain, &document)?
        }
    };
    value.ok_or_else(|| {
        CURRENT.with_borrow_mut(|current| {
            if let Some(current) = current {
                current.lost = true;
            }
        });
        index::lost()
    })
}
