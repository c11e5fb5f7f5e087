//! What each argument of a handler is: shared state, a capture of the path, or an extractor.

use crate::parse::route::Arguments;
use crate::parse::route_path::Capture;
use crate::syntax::diagnostic::{Mistake, Sink};
use crate::syntax::function::Function;
use crate::syntax::types::{bare, inner_type, last_segment, quote_type};
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{FnArg, Ident, Pat, PatType, Type, TypeReference};

/// What an argument of a handler is.
pub(crate) enum Argument {
    /// `&S` or `&mut S`.
    State { state: Type, exclusive: bool },
    /// A capture of the path that has the argument's name.
    Capture { name: String, ty: Type },
    /// `&Counter`: the counter of the argument's name.
    Counter { name: String, at: Span },
    /// An axum extractor.
    Extractor { ty: Type },
}

/// The arguments in their order, without those that make no sense. Mistakes go to the sink.
pub(crate) fn arguments(
    function: &Function,
    captures: &[Capture],
    sink: &mut Sink,
) -> Vec<Argument> {
    let name = function.signature.ident.unraw();
    let mut arguments: Vec<Argument> = Vec::new();
    for input in &function.signature.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let free: Vec<&str> = captures
            .iter()
            .map(|capture| capture.name.as_str())
            .filter(|capture| !arguments.iter().any(|known| known.takes(capture)))
            .collect();
        arguments.extend(argument(&name, typed, &free, sink));
    }
    arguments
}

impl Argument {
    /// Whether it comes from the host, and not out of the request.
    pub(crate) fn is_borrowed(&self) -> bool {
        matches!(self, Self::State { .. } | Self::Counter { .. })
    }

    fn takes(&self, capture: &str) -> bool {
        matches!(self, Self::Capture { name, .. } if name == capture)
    }
}

fn argument(
    handler: &Ident,
    typed: &PatType,
    captures: &[&str],
    sink: &mut Sink,
) -> Option<Argument> {
    if let Some(cfg) = typed.attrs.iter().find(|a| a.path().is_ident("cfg")) {
        let what = format!("an argument of handler `{handler}` cannot be left out by `#[cfg]`");
        let help = "put `#[cfg]` on the whole handler, and write a second one without the argument";
        sink.push(cfg, Mistake::new("KR0106", what).help(help));
    }
    match bare(&typed.ty) {
        Type::Reference(reference) => match capture(&typed.pat, &reference.elem, captures) {
            Some(name) => Some(by_value(name, reference, sink)),
            None => state(handler, &typed.pat, reference, sink),
        },
        Type::ImplTrait(opaque) => {
            let what = format!("handler `{handler}` needs concrete argument types");
            let help = "name the type, so that it can be extracted from the request";
            sink.push(opaque, Mistake::new("KR0105", what).help(help));
            None
        }
        ty => {
            if let Some(mistake) = asked_for_otherwise(typed, ty) {
                sink.push(ty, mistake);
                return None;
            }
            let ty = ty.clone();
            Some(match capture(&typed.pat, &ty, captures) {
                Some(name) => Argument::Capture { name, ty },
                None => Argument::Extractor { ty },
            })
        }
    }
}

/// The capture of the argument's name. One that is not used may have an underscore before its name, as anywhere in Rust.
fn capture(pattern: &Pat, ty: &Type, captures: &[&str]) -> Option<String> {
    let Pat::Ident(pattern) = pattern else {
        return None;
    };
    if last_segment(ty).is_some_and(|last| last == "Path") {
        return None;
    }
    let name = pattern.ident.unraw().to_string();
    let named = |name: &str| captures.contains(&name).then(|| name.to_owned());
    named(&name).or_else(|| named(name.strip_prefix('_')?))
}

/// A capture that is asked for by reference, as only shared state is.
fn by_value(name: String, reference: &TypeReference, sink: &mut Sink) -> Argument {
    let ty = bare(&reference.elem).clone();
    let owned = match quote_type(&ty).as_str() {
        "str" => "String".to_owned(),
        other => other.to_owned(),
    };
    let what = format!("`{name}` is a capture of the path, which is handed over by value");
    let help = format!("write `{name}: {owned}`");
    sink.push(reference, Mistake::new("KR0207", what).help(help));
    Argument::Capture { name, ty }
}

/// A counter, which is found by the argument's name.
fn counter(
    handler: &Ident,
    pattern: &Pat,
    reference: &TypeReference,
    sink: &mut Sink,
) -> Option<Argument> {
    let name = match pattern {
        Pat::Ident(pattern) => pattern.ident.unraw().to_string(),
        _ => String::new(),
    };
    if reference.mutability.is_some() {
        let what =
            format!("handler `{handler}` needs no `&mut` for a counter, which many count at once");
        let written = if name.is_empty() { "visits" } else { &name };
        let help = format!("write `{written}: &Counter`");
        sink.push(reference, Mistake::new("KR0216", what).help(help));
        return None;
    }
    if name.is_empty() {
        let what = format!(
            "a counter of handler `{handler}` is found by the argument's name, and has none"
        );
        let help = "write `visits: &Counter` with the name of the counter's field";
        sink.push(pattern, Mistake::new("KR0216", what).help(help));
        return None;
    }
    let name = name.trim_start_matches('_').to_owned();
    let at = reference.elem.span();
    Some(Argument::Counter { name, at })
}

fn state(
    handler: &Ident,
    pattern: &Pat,
    reference: &TypeReference,
    sink: &mut Sink,
) -> Option<Argument> {
    let state = bare(&reference.elem);
    if last_segment(state).is_some_and(|last| last == "Counter") {
        return counter(handler, pattern, reference, sink);
    }
    if let Some(lifetime) = &reference.lifetime
        && lifetime.ident == "static"
    {
        let what = format!(
            "handler `{handler}` borrows shared state for the call only, not for `'static`"
        );
        let name = quote_type(state);
        let help = match reference.mutability {
            Some(_) => format!("write `&mut {name}`"),
            None => format!("write `&{name}`"),
        };
        sink.push(lifetime, Mistake::new("KR0208", what).help(help));
        return None;
    }
    Some(Argument::State {
        state: state.clone(),
        exclusive: reference.mutability.is_some(),
    })
}

/// Shared state that is asked for in another framework's way.
fn asked_for_otherwise(typed: &PatType, ty: &Type) -> Option<Mistake> {
    let last = last_segment(ty)?;
    let inner = || inner_type(ty).map_or_else(|| "S".to_owned(), quote_type);
    if last == "State" {
        let what = "kr hands shared state out by reference, not in `State<_>`";
        return Some(Mistake::new("KR0205", what).help(by_reference(typed, &inner())));
    }
    if last == "Option" && matches!(inner_type(ty), Some(Type::Reference(_))) {
        let what = "shared state is always there, so it cannot be optional";
        return Some(Mistake::new("KR0208", what).help(format!("write `{}`", inner())));
    }
    if ["Arc", "Mutex", "RwLock"].iter().any(|name| last == name) {
        let mut inner = inner_type(ty);
        while let Some(ty) = inner
            .filter(|ty| last_segment(ty).is_some_and(|last| last == "Mutex" || last == "RwLock"))
        {
            inner = inner_type(ty);
        }
        let inner = inner.map_or_else(|| "S".to_owned(), quote_type);
        let what = format!("kr holds the lock, so shared state comes without `{last}`");
        return Some(Mistake::new("KR0208", what).help(by_reference(typed, &inner)));
    }
    None
}

fn by_reference(typed: &PatType, state: &str) -> String {
    let name = name_in(&typed.pat).map_or_else(|| "state".to_owned(), ToString::to_string);
    format!(
        "write `{name}: &mut {state}`, or `{name}: &{state}` to read, with `#[locked(\"…\")]` on the handler"
    )
}

/// The name that a pattern such as `state`, `mut state` or `State(state)` binds.
fn name_in(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(pattern) => Some(&pattern.ident),
        Pat::TupleStruct(pattern) => match pattern.elems.iter().collect::<Vec<_>>().as_slice() {
            [one] => name_in(one),
            _ => None,
        },
        _ => None,
    }
}

/// Every capture has an argument, or there is one that takes them all.
pub(crate) fn captures_are_used(
    handler: &Ident,
    route: &Arguments,
    captures: &[Capture],
    arguments: &[Argument],
    sink: &mut Sink,
) {
    let all = arguments.iter().find_map(|argument| match argument {
        Argument::Extractor { ty }
            if last_segment(ty).is_some_and(|last| {
                ["Path", "RawPathParams", "Request"]
                    .iter()
                    .any(|name| last == name)
            }) =>
        {
            Some(ty)
        }
        _ => None,
    });
    if let Some(all) = all {
        if let Some(Type::Tuple(tuple)) = inner_type(all)
            && last_segment(all).is_some_and(|last| last == "Path")
            && tuple.elems.len() != captures.len()
        {
            let count = |count: usize, what: &str| {
                format!("{count} {what}{}", if count == 1 { "" } else { "s" })
            };
            let what = format!(
                "the path of `{handler}` has {}, and this takes {}",
                count(captures.len(), "capture"),
                count(tuple.elems.len(), "value")
            );
            let help =
                "name one type for each `{capture}`, or take each as an argument of its name";
            sink.push(all, Mistake::new("KR0020", what).help(help));
        }
        return;
    }
    for capture in captures {
        if arguments
            .iter()
            .any(|argument| argument.takes(&capture.name))
        {
            continue;
        }
        let name = &capture.name;
        let what = format!("capture `{name}` is never used by `{handler}`");
        let argument = match syn::parse_str::<Ident>(name) {
            Ok(_) => name.clone(),
            Err(_) => format!("r#{name}"),
        };
        let help = format!(
            "add an argument `{argument}: String`, or of any type that implements `Deserialize`"
        );
        sink.push(&route.path, Mistake::new("KR0019", what).help(help));
    }
}

/// Extractors that read the body; one of them, and last.
const BODIES: [&str; 8] = [
    "Body",
    "Bytes",
    "Form",
    "Json",
    "Multipart",
    "RawForm",
    "Request",
    "String",
];

/// At most one argument reads the body, and it comes after all others that are extracted.
pub(crate) fn body_comes_last(arguments: &[Argument], sink: &mut Sink) {
    let extractors: Vec<(&Type, Option<String>)> = arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::Extractor { ty } => {
                let body = last_segment(ty)
                    .map(ToString::to_string)
                    .filter(|name| BODIES.contains(&name.as_str()));
                Some((ty, body))
            }
            _ => None,
        })
        .collect();
    let bodies: Vec<_> = extractors
        .iter()
        .filter_map(|(ty, body)| body.as_ref().map(|_| *ty))
        .collect();
    if let [first, second, ..] = bodies.as_slice() {
        let what = format!(
            "only one argument can read the body, not `{}` and `{}`",
            quote_type(first),
            quote_type(second)
        );
        let mistake = Mistake::new("KR0203", what).help("keep one of them");
        sink.push(second, mistake);
    } else if let [first] = bodies.as_slice()
        && let Some((last, _)) = extractors.last()
        && !std::ptr::eq(*first, *last)
    {
        let what = format!(
            "`{}` reads the body, so it must be the last extracted argument",
            quote_type(first)
        );
        let help = format!("move it behind `{}`", quote_type(last));
        sink.push(first, Mistake::new("KR0202", what).help(help));
    }
}

/// What of a body cannot be there in a request that has none. Forms are read from the query then, and who asks for the
/// whole request, or for an `Option`, knows what may be missing.
const NEEDED: [&str; 4] = ["Bytes", "Json", "Multipart", "String"];

/// A handler of requests without a body does not ask for one.
pub(crate) fn body_can_be_there(
    handler: &Ident,
    route: &Arguments,
    arguments: &[Argument],
    sink: &mut Sink,
) {
    let method = route.method.to_string().to_lowercase();
    if !["get", "head"].contains(&method.as_str()) {
        return;
    }
    for argument in arguments {
        let Argument::Extractor { ty } = argument else {
            continue;
        };
        let Some(last) = last_segment(ty).filter(|last| NEEDED.iter().any(|name| last == name))
        else {
            continue;
        };
        let written = quote_type(ty);
        let what =
            format!("`{method}` requests carry no body, and `{handler}` reads one as `{written}`");
        let mut help = format!("write `#[kr_route(post, {})]`", route.path.token());
        if let Some(inner) = inner_type(ty).filter(|_| last == "Json") {
            help.push_str(&format!(
                ", or read the query with `Query<{}>`",
                quote_type(inner)
            ));
        }
        sink.push(ty, Mistake::new("KR0204", what).help(help));
    }
}

/// No state is borrowed twice.
pub(crate) fn states_differ(handler: &Ident, arguments: &[Argument], sink: &mut Sink) {
    let mut seen: Vec<String> = Vec::new();
    for argument in arguments {
        let Argument::State { state, .. } = argument else {
            continue;
        };
        let name = quote_type(state);
        if seen.contains(&name) {
            let what = format!("`{name}` is borrowed twice by `{handler}`");
            let help = format!("take it once: `&mut {name}` reads as well as writes");
            sink.push(state, Mistake::new("KR0313", what).help(help));
        }
        seen.push(name);
    }
}
