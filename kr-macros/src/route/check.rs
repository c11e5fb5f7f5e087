//! What a handler's signature means, and whether it makes sense.

use super::parse::Arguments;
use crate::locked::Locked;
use crate::path::{self, Capture};
use crate::signature::Function;
use crate::sink::{Mistake, Sink};
use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    FnArg, GenericArgument, Ident, Pat, PatType, PathArguments, ReturnType, Safety, Type, TypePath,
    TypeReference,
};

/// What each argument of a handler is.
pub(crate) enum Argument {
    /// `&S` or `&mut S`.
    State { state: Type, exclusive: bool },
    /// A capture of the path that has the argument's name.
    Capture { name: String, ty: Type },
    /// An axum extractor.
    Extractor { ty: Type },
}

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
}

impl Model {
    /// Whether the handler takes its locks: one that only reads needs none.
    pub(crate) fn takes_locks(&self) -> bool {
        self.writes() || self.locked.as_ref().is_some_and(|locked| locked.only)
    }

    fn writes(&self) -> bool {
        self.states().any(|(_, exclusive)| exclusive)
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
    shape(function, sink);
    let captures = route
        .as_ref()
        .map(|route| path::captures(&route.path, sink))
        .unwrap_or_default();
    let arguments = arguments(function, &captures, sink);
    if let Some(route) = &route {
        unused_captures(&signature.ident, route, &captures, &arguments, sink);
    }
    body_comes_last(&arguments, sink);
    states(&signature.ident, &arguments, sink);
    let model = Model {
        name: signature.ident.clone(),
        route: route?,
        locked,
        arguments,
        asyncness: signature.asyncness.is_some(),
        output: signature.output.clone(),
        captures: captures.into_iter().map(|capture| capture.name).collect(),
    };
    if model.takes_locks() {
        owned_output(&model, sink);
    }
    Some(model)
}

/// The kind of function that it is.
fn shape(function: &Function, sink: &mut Sink) {
    let signature = &function.signature;
    let name = &signature.ident;
    let not = |word: &str| {
        Mistake::new("KR0103", format!("handler `{name}` must not be `{word}`")).help(format!(
            "remove `{word}`; the server calls it like any function"
        ))
    };
    if let Some(word) = &signature.constness {
        sink.push(word, not("const"));
    }
    if !matches!(signature.safety, Safety::Default) {
        sink.push(&signature.safety, not("unsafe"));
    }
    if let Some(word) = &signature.abi {
        sink.push(word, not("extern"));
    }
    if signature.variadic.is_some() {
        sink.push(&signature.inputs, not("..."));
    }
    generics(function, sink);
    if PRIMITIVES.contains(&name.to_string().as_str()) {
        let what = format!("a handler cannot be named like the primitive type `{name}`");
        sink.push(
            name,
            Mistake::new("KR0108", what).help("give it another name"),
        );
    }
}

fn generics(function: &Function, sink: &mut Sink) {
    let signature = &function.signature;
    let name = &signature.ident;
    let generics = &signature.generics;
    if let Some(lifetime) = generics.lifetimes().next() {
        let what = format!(
            "handler `{name}` needs no lifetime `{}`: shared state is borrowed for the call only",
            lifetime.lifetime
        );
        let help = "remove the lifetime; the compiler fills it in, and `'_` stands for it in types";
        sink.push(lifetime, Mistake::new("KR0107", what).help(help));
    }
    if generics.type_params().next().is_some() || generics.const_params().next().is_some() {
        let what = format!("handler `{name}` must not be generic: a route is mounted once");
        let help = "write a handler with concrete types that calls the generic function";
        sink.push(&generics, Mistake::new("KR0104", what).help(help));
    }
}

/// Types in whose place the handler's type would step.
const PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

fn arguments(function: &Function, captures: &[Capture], sink: &mut Sink) -> Vec<Argument> {
    let name = &function.signature.ident;
    let mut arguments = Vec::new();
    for input in &function.signature.inputs {
        match input {
            FnArg::Receiver(receiver) => {
                let what =
                    format!("`#[kr_route]` works on free functions, and `{name}` is a method");
                let help = format!("move `{name}` out of the `impl` and borrow the state it needs");
                sink.push(receiver, Mistake::new("KR0102", what).help(help));
            }
            FnArg::Typed(typed) => arguments.extend(argument(name, typed, captures, sink)),
        }
    }
    arguments
}

fn argument(
    handler: &Ident,
    typed: &PatType,
    captures: &[Capture],
    sink: &mut Sink,
) -> Option<Argument> {
    if let Some(cfg) = typed.attrs.iter().find(|a| a.path().is_ident("cfg")) {
        let what = format!("an argument of handler `{handler}` cannot be left out by `#[cfg]`");
        let help = "put `#[cfg]` on the whole handler, and write a second one without the argument";
        sink.push(cfg, Mistake::new("KR0106", what).help(help));
    }
    match typed.ty.as_ref() {
        Type::Reference(reference) => state(handler, reference, sink),
        Type::ImplTrait(opaque) => {
            let what = format!("handler `{handler}` needs concrete argument types");
            let help = "name the type, so that it can be extracted from the request";
            sink.push(opaque, Mistake::new("KR0105", what).help(help));
            None
        }
        ty => {
            if let Some(mistake) = by_value(ty) {
                sink.push(ty, mistake);
                return None;
            }
            let capture = match typed.pat.as_ref() {
                Pat::Ident(pat) if last_segment(ty).is_none_or(|last| last != "Path") => captures
                    .iter()
                    .find(|capture| pat.ident == capture.name.as_str()),
                _ => None,
            };
            let ty = ty.clone();
            Some(match capture {
                Some(capture) => Argument::Capture {
                    name: capture.name.clone(),
                    ty,
                },
                None => Argument::Extractor { ty },
            })
        }
    }
}

fn state(handler: &Ident, reference: &TypeReference, sink: &mut Sink) -> Option<Argument> {
    if let Some(lifetime) = &reference.lifetime
        && lifetime.ident == "static"
    {
        let what = format!(
            "handler `{handler}` borrows shared state for the call only, not for `'static`"
        );
        sink.push(
            lifetime,
            Mistake::new("KR0208", what).help("remove `'static`"),
        );
        return None;
    }
    Some(Argument::State {
        state: reference.elem.as_ref().clone(),
        exclusive: reference.mutability.is_some(),
    })
}

/// Shared state that is asked for in another framework's way.
fn by_value(ty: &Type) -> Option<Mistake> {
    let last = last_segment(ty)?;
    if last == "State" {
        let inner = inner_type(ty)
            .map(quote_type)
            .unwrap_or_else(|| "S".to_owned());
        return Some(
            Mistake::new(
                "KR0205",
                "kr hands shared state out by reference, not in `State<_>`",
            )
            .help(format!(
                "write `state: &mut {inner}` with `#[locked(\"…\")]`, or `&{inner}` to read"
            )),
        );
    }
    if last == "Option" && matches!(inner_type(ty), Some(Type::Reference(_))) {
        let inner = inner_type(ty).map(quote_type).unwrap_or_default();
        return Some(
            Mistake::new(
                "KR0208",
                "shared state is always there, so it cannot be optional",
            )
            .help(format!("write `{inner}`")),
        );
    }
    if ["Arc", "Mutex", "RwLock"].iter().any(|name| last == *name) {
        let mut inner = inner_type(ty);
        while let Some(ty) = inner
            .filter(|ty| last_segment(ty).is_some_and(|last| last == "Mutex" || last == "RwLock"))
        {
            inner = inner_type(ty);
        }
        let inner = inner.map(quote_type).unwrap_or_else(|| "S".to_owned());
        return Some(
            Mistake::new(
                "KR0208",
                format!("kr holds the lock, so shared state comes without `{last}`"),
            )
            .help(format!(
                "write `&mut {inner}` with `#[locked(\"…\")]`, or `&{inner}` to read"
            )),
        );
    }
    None
}

fn unused_captures(
    handler: &Ident,
    route: &Arguments,
    captures: &[Capture],
    arguments: &[Argument],
    sink: &mut Sink,
) {
    let whole_path = arguments.iter().any(|argument| match argument {
        Argument::Extractor { ty } => last_segment(ty)
            .is_some_and(|last| last == "Path" || last == "RawPathParams" || last == "Request"),
        _ => false,
    });
    if whole_path {
        return;
    }
    for capture in captures {
        let used = arguments.iter().any(
            |argument| matches!(argument, Argument::Capture { name, .. } if *name == capture.name),
        );
        if !used {
            let name = &capture.name;
            let what = format!("capture `{name}` is never used by `{handler}`");
            let help = format!("add an argument `{name}: T`, or take `Path<T>`");
            sink.push(&route.path, Mistake::new("KR0019", what).help(help));
        }
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

fn body_comes_last(arguments: &[Argument], sink: &mut Sink) {
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
        .filter_map(|(ty, body)| body.as_ref().map(|body| (*ty, body)))
        .collect();
    if let [_, (second, _), ..] = bodies.as_slice() {
        let names: Vec<_> = bodies.iter().map(|(_, name)| format!("`{name}`")).collect();
        let what = format!(
            "only one argument can read the body, not {}",
            names.join(" and ")
        );
        sink.push(
            second,
            Mistake::new("KR0203", what).help("keep one of them"),
        );
    } else if let [(first, name)] = bodies.as_slice()
        && let Some((last, _)) = extractors.last()
        && !std::ptr::eq(*first, *last)
    {
        let what = format!("`{name}` reads the body, so it must be the last extracted argument");
        let help = format!("move it behind `{}`", quote_type(last));
        sink.push(first, Mistake::new("KR0202", what).help(help));
    }
}

fn states(handler: &Ident, arguments: &[Argument], sink: &mut Sink) {
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

/// What a handler that holds locks returns becomes a response after they are released, so it cannot borrow.
fn owned_output(model: &Model, sink: &mut Sink) {
    let ReturnType::Type(_, output) = &model.output else {
        return;
    };
    let name = &model.name;
    if borrows(output.to_token_stream()) {
        let what = format!(
            "`{name}` must return owned data: the response is built after its lock is released"
        );
        let help = "return a copy, such as `String` for `&str`; a handler that only takes `&S` may return borrowed data";
        sink.push(output, Mistake::new("KR0212", what).help(help));
    } else if let Type::ImplTrait(opaque) = output.as_ref()
        && !opaque.to_token_stream().to_string().contains("use <")
    {
        let what = format!(
            "`{name}` must say that its response borrows nothing: it is built after the lock is released"
        );
        let help = format!("write `{} + use<>`", quote_type(output));
        sink.push(opaque, Mistake::new("KR0213", what).help(help));
    }
}

/// Whether a type has a reference or a lifetime in it, other than `'static`.
fn borrows(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) if borrows(group.stream()) => return true,
            // `&` is followed by its lifetime, if there is one, which is judged next.
            TokenTree::Punct(punct) if punct.as_char() == '&' => {
                let lifetime =
                    matches!(tokens.peek(), Some(TokenTree::Punct(next)) if next.as_char() == '\'');
                if !lifetime {
                    return true;
                }
            }
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                let is_static =
                    matches!(tokens.peek(), Some(TokenTree::Ident(name)) if name == "static");
                if !is_static {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}

/// `Json` of `axum::Json<T>`.
fn last_segment(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(TypePath { path, .. }) => path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// The `T` of `Name<T>`.
fn inner_type(ty: &Type) -> Option<&Type> {
    let Type::Path(TypePath { path, .. }) = ty else {
        return None;
    };
    match &path.segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        }
        _ => None,
    }
}

/// A type as its author would write it, near enough.
pub(crate) fn quote_type(ty: &Type) -> String {
    let text = quote!(#ty).to_string();
    let mut written = String::with_capacity(text.len());
    for (index, c) in text.char_indices() {
        let next = text[index + c.len_utf8()..].chars().next();
        let before = written.chars().next_back();
        let glued = c == ' '
            && (next.is_some_and(|next| "<>,:)]".contains(next))
                || before.is_some_and(|before| "<&([:'".contains(before)));
        let between = c == ' ' && next == Some('<');
        if !(glued || between) {
            written.push(c);
        }
    }
    written
}
