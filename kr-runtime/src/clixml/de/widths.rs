//! Integers that an object wraps, such as those of .NET's enums, in the form for serde's buffers.
//!
//! A buffer has no place for the object around a number. But it has integers of eight widths, and every Rust type reads
//! a number of any width. So each kind of object with the same number gets a width that no other element with this
//! number has.

use std::collections::{HashMap, HashSet};

use serde::de::Visitor;

use super::value_builder::Builder;
use super::view::{Context, Shape};
use crate::clixml::base::error::Error;
use crate::clixml::element::kind::Kind;
use crate::clixml::lexical::number::parse_int;

/// The widths to choose from. Bytes are also parts of a byte array.
const WIDTHS: [Kind; 7] = [
    Kind::I64,
    Kind::U64,
    Kind::U32,
    Kind::U16,
    Kind::I16,
    Kind::SByte,
    Kind::I32,
];

/// The width of each wrapped integer, by its object.
pub(super) type Widths = HashMap<u32, Kind>;

/// The object that an element is or refers to, and the integer that it wraps.
pub(super) fn wrapped(context: &Context<'_>, element: u32) -> Option<(u32, u32)> {
    let tape = &context.tape;
    let object = match tape.node(element) {
        node if node.kind == Kind::Ref => tape.target(node),
        // The root of a document with one object is that object.
        node if node.kind == Kind::Objs => tape.children(element).next()?,
        _ => element,
    };
    if tape.node(object).kind != Kind::Obj {
        return None;
    }
    match context.view(object).ok()?.shape {
        Shape::Leaf(leaf) if tape.node(leaf).kind.is_integer() => Some((object, leaf)),
        _ => None,
    }
}

fn number(context: &Context<'_>, leaf: u32) -> Option<i128> {
    parse_int(&context.text(leaf).lossy(), true).ok()
}

/// Chooses the widths for a document with these elements.
pub(super) fn choose(context: &Context<'_>, elements: &[u32]) -> Widths {
    let mut used: HashSet<(i128, Kind)> = HashSet::new();
    let mut objects = Vec::new();
    for element in elements {
        let node = context.tape.node(*element);
        if let Some((object, leaf)) = wrapped(context, *element) {
            objects.extend(number(context, leaf).map(|number| (object, number)));
        } else if node.kind.is_integer() {
            used.extend(number(context, *element).map(|number| (number, node.kind)));
        }
    }
    let mut widths = Widths::new();
    let mut chosen: HashMap<(i128, String), Kind> = HashMap::new();
    for (object, number) in objects {
        let Ok(value) = Builder::new(context).value(object, 0) else {
            continue;
        };
        let key = (number, format!("{value:?}"));
        let width = chosen.get(&key).copied().or_else(|| {
            let fits = |width: &Kind| {
                !used.contains(&(number, *width)) && width.check(&number.to_string()).is_ok()
            };
            WIDTHS.into_iter().find(fits)
        });
        if let Some(width) = width {
            used.insert((number, width));
            chosen.insert(key, width);
            widths.insert(object, width);
        }
    }
    widths
}

/// Gives a number in this width.
pub(super) fn visit<'de, V: Visitor<'de>>(
    width: Kind,
    number: i128,
    visitor: V,
) -> Result<V::Value, Error> {
    match width {
        Kind::U64 => visitor.visit_u64(number as u64),
        Kind::U32 => visitor.visit_u32(number as u32),
        Kind::U16 => visitor.visit_u16(number as u16),
        Kind::I16 => visitor.visit_i16(number as i16),
        Kind::SByte => visitor.visit_i8(number as i8),
        Kind::I32 => visitor.visit_i32(number as i32),
        _ => visitor.visit_i64(number as i64),
    }
}
