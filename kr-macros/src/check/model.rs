//! A handler whose signature and attributes fit together.

use crate::check::key_arguments::KeyPart;
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
    /// For each key with placeholders, what fills them.
    pub(crate) key_arguments: Vec<Vec<KeyPart>>,
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

    /// Whether the handler changes state.
    pub(crate) fn writes(&self) -> bool {
        self.states().any(|(_, exclusive)| exclusive)
    }

    /// Whether its calls are told the revision of their states.
    pub(crate) fn asks_revision(&self) -> bool {
        let is_revision = |argument: &Argument| matches!(argument, Argument::Revision { .. });
        self.route.options.etag.is_some() || self.arguments.iter().any(is_revision)
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
            Argument::Extractor { ty, .. } => Some(ty),
            _ => None,
        })
    }

    pub(crate) fn extractors(&self) -> impl Iterator<Item = &Type> {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::Extractor { ty, .. } => Some(ty),
            _ => None,
        })
    }

    /// The borrowed states with the names of their arguments.
    pub(crate) fn named_states(&self) -> impl Iterator<Item = (&Type, Option<&str>)> {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::State { state, name, .. } => Some((state, name.as_deref())),
            _ => None,
        })
    }

    /// Whether two arguments have keys of their own, so that they are two instances.
    pub(crate) fn are_two_instances(&self, one: Option<&str>, other: Option<&str>) -> bool {
        let (one, other) = (self.key_number(one), self.key_number(other));
        one.is_some() && other.is_some() && one != other
    }

    /// The number of the key that was given for the argument of that name, from 1.
    pub(crate) fn key_number(&self, argument: Option<&str>) -> Option<usize> {
        let (_, number) = self.locked.as_ref()?.key_of(argument)?;
        Some(number)
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
