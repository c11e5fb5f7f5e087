//! What a handler's signature means, and whether it makes sense.

use crate::check::cacheable as cached;
use crate::check::function_kind as shape;
use crate::parse::arguments::{self, Argument};
use crate::parse::locked::Locked;
use crate::parse::route::Arguments;
use crate::parse::route_path::{self as path, Capture};
use crate::syntax::diagnostic::{Mistake, Sink};
use crate::syntax::function::Function;
use crate::syntax::suggestion::nearest;
use crate::syntax::types::{bare, borrows, mentions, query, quote_type};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Ident, ReturnType, Type};

/// A handler whose signature is in order.
pub(crate) struct Model {
    pub(crate) name: Ident,
    pub(crate) route: Arguments,
    pub(crate) locked: Option<Locked>,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) asyncness: bool,
    pub(crate) output: ReturnType,
    /// The captures of the path, in order.
    pub(crate) captures: Vec<String>,
    /// Of each key that depends on arguments, those arguments, by their places among the handler's.
    pub(crate) templates: Vec<Vec<usize>>,
}

impl Model {
    /// The handler's name as messages and logs have it.
    pub(crate) fn handler(&self) -> String {
        self.name.unraw().to_string()
    }

    /// Whether the handler takes its locks: one that only reads needs none.
    pub(crate) fn takes_locks(&self) -> bool {
        self.writes() || self.locked.as_ref().is_some_and(|locked| locked.only)
    }

    fn writes(&self) -> bool {
        self.states().any(|(_, exclusive)| exclusive)
    }

    /// Whether anything is taken out of the request.
    pub(crate) fn extracts(&self) -> bool {
        self.arguments
            .iter()
            .any(|argument| !argument.is_borrowed())
    }

    /// Whether the body may be read: by the last extractor, unless that is known to read something else.
    pub(crate) fn reads_body(&self) -> bool {
        let last = self
            .arguments
            .iter()
            .rev()
            .find_map(|argument| match argument {
                Argument::Extractor { ty } => Some(ty),
                _ => None,
            });
        last.is_some_and(|ty| query(ty).is_none())
    }

    /// The borrowed states, in the order of the arguments.
    pub(crate) fn states(&self) -> impl Iterator<Item = (&Type, bool)> {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::State { state, exclusive } => Some((state, *exclusive)),
            _ => None,
        })
    }
}

/// Checks everything that the signature alone shows. `None` if the attribute's own mistakes leave nothing to check.
pub(crate) fn check(
    function: &Function,
    route: Option<Arguments>,
    locked: Option<Locked>,
    sink: &mut Sink,
) -> Option<Model> {
    let signature = &function.signature;
    let handler = signature.ident.unraw();
    shape::check(function, sink);
    let mut in_path = Sink::default();
    let captures = route
        .as_ref()
        .map(|route| path::captures(&route.path, &mut in_path))
        .unwrap_or_default();
    let path_is_read = in_path.is_empty();
    sink.append(in_path);
    let arguments = arguments::arguments(function, &captures, sink);
    if let Some(route) = &route {
        arguments::captures_are_used(&handler, route, &captures, &arguments, sink);
        // What looks like a body may be meant for a capture that could not be read.
        if path_is_read {
            arguments::body_can_be_there(&handler, route, &arguments, sink);
        }
    }
    arguments::body_comes_last(&arguments, sink);
    arguments::states_differ(&handler, &arguments, sink);
    if let Some(locked) = &locked {
        in_place(
            &handler,
            locked,
            signature.asyncness.is_some(),
            &arguments,
            sink,
        );
    }
    let templates = templates(&handler, locked.as_ref(), &captures, &arguments, sink);
    let model = Model {
        name: signature.ident.clone(),
        route: route?,
        locked,
        arguments,
        asyncness: signature.asyncness.is_some(),
        output: signature.output.clone(),
        captures: captures.into_iter().map(|capture| capture.name).collect(),
        templates,
    };
    if model.takes_locks() {
        owned_output(&model, sink);
    }
    cached::check(&model, sink);
    Some(model)
}

/// What is changed in place must not be seen half-way, so there is no pause in it; and there has to be something to change.
fn in_place(
    handler: &Ident,
    locked: &Locked,
    asyncness: bool,
    arguments: &[Argument],
    sink: &mut Sink,
) {
    let Some(word) = &locked.in_place else {
        return;
    };
    let writes = |argument: &Argument| {
        matches!(
            argument,
            Argument::State {
                exclusive: true,
                ..
            }
        )
    };
    if asyncness {
        let what = format!(
            "`{handler}` changes state in place, so it cannot be `async`: a pause would show half a change"
        );
        let help = "remove `async`, or remove `in_place` to work on a draft";
        sink.push(word, Mistake::new("KR0316", what).help(help));
    } else if !arguments.iter().any(writes) {
        let what = format!("`{handler}` changes no state, in place or otherwise");
        let help = "remove `in_place`, or borrow a state with `&mut`";
        sink.push(word, Mistake::new("KR0316", what).help(help));
    }
}

/// Finds the arguments that keys depend on.
fn templates(
    handler: &Ident,
    locked: Option<&Locked>,
    captures: &[Capture],
    arguments: &[Argument],
    sink: &mut Sink,
) -> Vec<Vec<usize>> {
    let keys = locked
        .map(|locked| locked.keys.as_slice())
        .unwrap_or_default();
    let mut templates = Vec::new();
    for key in keys {
        let places = key.places();
        if places.is_empty() {
            continue;
        }
        let mut template = Vec::new();
        for place in places {
            let plain = place.strip_prefix("r#").unwrap_or(&place);
            let of = |argument: &Argument| matches!(argument, Argument::Capture { name, .. } if name == plain);
            match arguments.iter().position(of) {
                Some(index) => template.push(index),
                // That a capture has no argument is told already.
                None if captures.iter().any(|capture| capture.name == plain) => {}
                None => {
                    let what = format!("no capture `{plain}` in the path of `{handler}`");
                    let help = instead(&key.to_token_stream().to_string(), &place, captures);
                    sink.push(key, Mistake::new("KR0309", what).help(help));
                }
            }
        }
        templates.push(template);
    }
    if let Some(fifth) = keys.iter().filter(|key| !key.places().is_empty()).nth(4) {
        let what = format!("`{handler}` holds more than four locks that depend on arguments");
        let help = "keep four of them; `Host::update_many` takes any number";
        sink.push(fifth, Mistake::new("KR0309", what).help(help));
    }
    templates
}

/// What to write instead of a key with the place of that name, which is no capture.
fn instead(key: &str, name: &str, captures: &[Capture]) -> String {
    let names: Vec<&str> = captures
        .iter()
        .map(|capture| capture.name.as_str())
        .collect();
    match (nearest(name, &names), names.as_slice()) {
        (Some(near), _) | (None, &[near]) => {
            let key = key.replace(&format!("{{{name}}}"), &format!("{{{near}}}"));
            format!("write `{key}`")
        }
        (None, []) => format!("add `{{{name}}}` to the path, and an argument `{name}: u64`"),
        (None, names) => format!("write one of `{{{}}}`", names.join("}`, `{")),
    }
}

/// What a handler that holds locks returns becomes a response after they are released, so it cannot borrow.
fn owned_output(model: &Model, sink: &mut Sink) {
    let ReturnType::Type(_, output) = &model.output else {
        return;
    };
    let name = model.handler();
    if borrows(output.to_token_stream()) {
        let what = format!(
            "`{name}` must return owned data: the response is built after its lock is released"
        );
        let help = "return a copy, such as `String` for `&str`; a handler that only takes `&S` may return borrowed data";
        sink.push(output, Mistake::new("KR0212", what).help(help));
    } else if mentions(output, "impl")
        && !mentions(output, "use")
        && model.states().next().is_some()
    {
        let what = format!(
            "`{name}` must say that its response borrows nothing: it is built after the lock is released"
        );
        let help = match bare(output) {
            Type::ImplTrait(_) => format!("write `{} + use<>`", quote_type(output)),
            _ => "write `+ use<>` behind the `impl …`".to_owned(),
        };
        sink.push(output, Mistake::new("KR0213", what).help(help));
    }
}
