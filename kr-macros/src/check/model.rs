//! A handler whose signature and attributes fit together.

use crate::parse::handler_argument::Argument;
use crate::parse::locked::LockedAttribute;
use crate::parse::route::RouteAttribute;
use crate::syntax::types::{extension, parts_payload};
use syn::ext::IdentExt;
use syn::{Ident, ReturnType, Type};

pub(crate) struct Model {
    pub(crate) name: Ident,
    pub(crate) route: RouteAttribute,
    pub(crate) locked: Option<LockedAttribute>,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) is_async: bool,
    pub(crate) output: ReturnType,
    /// The captures of the path, in order.
    pub(crate) captures: Vec<String>,
    /// For each key with placeholders, the indexes of the arguments that fill them.
    pub(crate) key_arguments: Vec<Vec<usize>>,
}

impl Model {
    /// The handler's name in messages and logs.
    pub(crate) fn handler(&self) -> String {
        self.name.unraw().to_string()
    }

    /// Whether the handler takes its locks. One that only reads takes none.
    pub(crate) fn takes_locks(&self) -> bool {
        self.writes() || self.locked.as_ref().is_some_and(|locked| locked.exclusive)
    }

    fn writes(&self) -> bool {
        self.states().any(|(_, exclusive)| exclusive)
    }

    /// Whether any argument comes from the request.
    pub(crate) fn extracts(&self) -> bool {
        self.arguments
            .iter()
            .any(|argument| !argument.is_borrowed())
    }

    /// Whether the handler may read the body. The last extractor does, unless it is known to read something else.
    pub(crate) fn reads_body(&self) -> bool {
        self.last_extractor()
            .is_some_and(|ty| parts_payload(ty).is_none() && extension(ty).is_none())
    }

    /// The extractor that may read the body.
    pub(crate) fn last_extractor(&self) -> Option<&Type> {
        let mut arguments = self.arguments.iter().rev();
        arguments.find_map(|argument| match argument {
            Argument::Extractor { ty } => Some(ty),
            _ => None,
        })
    }

    pub(crate) fn extractors(&self) -> impl Iterator<Item = &Type> {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::Extractor { ty } => Some(ty),
            _ => None,
        })
    }

    /// The states whose instances are listed, with the types of their keys.
    pub(crate) fn listed_states(&self) -> impl Iterator<Item = (&Type, &Type)> {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::Instances { key, state } => Some((key, &**state)),
            _ => None,
        })
    }

    /// The states that are borrowed as `Option<&S>` or `&mut Option<S>`, and whether with `&mut`.
    pub(crate) fn optional_states(&self) -> impl Iterator<Item = (&Type, bool)> {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::State {
                state,
                exclusive,
                optional: true,
                ..
            } => Some((state, *exclusive)),
            _ => None,
        })
    }

    /// The borrowed states in the order of the arguments, and whether each is borrowed with `&mut`.
    pub(crate) fn states(&self) -> impl Iterator<Item = (&Type, bool)> {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::State {
                state, exclusive, ..
            } => Some((state, *exclusive)),
            _ => None,
        })
    }
}
