//! What each argument of a handler is: a state, a counter, a capture of the path, or an extractor.

use crate::parse::foreign_state::{foreign_state, never_shared};
use crate::parse::route_path::Capture;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::function::Function;
use crate::syntax::types::{bare, inner_type, inner_types, last_segment, quote_type};
use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{FnArg, Ident, Pat, PatType, Path, Type, TypeReference};

pub(crate) enum Argument {
    /// `&S` or `&mut S`; if it may be absent, `Option<&S>` or `&mut Option<S>`.
    State {
        state: Type,
        exclusive: bool,
        optional: bool,
        /// The argument's name, which a key may be given for.
        name: Option<String>,
    },
    /// `&Instances<K, S>`: a view of all instances of a keyed state.
    Instances { key: Type, state: Box<Type> },
    /// A capture of the path that has the argument's name.
    Capture { name: String, ty: Type },
    /// `&Counter`: the counter of the argument's name. The span is that of the type.
    Counter { name: String, span: Span },
    /// `Revision`: that of the states.
    Revision { ty: Type },
    /// An axum extractor.
    Extractor { ty: Type, binding: Option<Binding> },
}

/// What a pattern such as `user` or `Json(transfer)` binds.
pub(crate) struct Binding {
    pub(crate) name: String,
    /// The tuple structs around it, from the outermost.
    pub(crate) wrappers: Vec<Path>,
}

/// What the pattern of an extractor binds, if that is one name.
fn binding(pattern: &Pat) -> Option<Binding> {
    match pattern {
        Pat::Ident(_) => Some(Binding {
            name: name_of(pattern)?,
            wrappers: Vec::new(),
        }),
        Pat::TupleStruct(outer) if outer.elems.len() == 1 => {
            let mut inner = binding(outer.elems.first()?)?;
            inner.wrappers.insert(0, outer.path.clone());
            Some(inner)
        }
        _ => None,
    }
}

/// The arguments in order, without the invalid ones, which are reported.
pub(crate) fn arguments(
    function: &Function,
    captures: &[Capture],
    errors: &mut Errors,
) -> Vec<Argument> {
    let name = function.signature.ident.unraw();
    let mut arguments: Vec<Argument> = Vec::new();
    for input in &function.signature.inputs {
        let FnArg::Typed(typed) = input else { continue };
        let unused_captures: Vec<&str> = captures
            .iter()
            .map(|capture| capture.name.as_str())
            .filter(|capture| !arguments.iter().any(|known| known.is_capture(capture)))
            .collect();
        arguments.extend(argument(&name, typed, &unused_captures, errors));
    }
    arguments
}

impl Argument {
    /// Whether the argument comes from the host, not from the request.
    pub(crate) fn is_borrowed(&self) -> bool {
        matches!(
            self,
            Self::State { .. }
                | Self::Instances { .. }
                | Self::Counter { .. }
                | Self::Revision { .. }
        )
    }

    /// Whether the function gets a reference, from which its output may borrow.
    pub(crate) fn is_reference(&self) -> bool {
        self.is_borrowed() && !matches!(self, Self::Revision { .. })
    }

    /// Whether it is an extractor whose pattern binds that name.
    pub(crate) fn binds(&self, name: &str) -> bool {
        matches!(self, Self::Extractor { binding: Some(binding), .. } if binding.name == name)
    }

    pub(crate) fn is_capture(&self, capture: &str) -> bool {
        matches!(self, Self::Capture { name, .. } if name == capture)
    }
}

fn argument(
    handler: &Ident,
    typed: &PatType,
    captures: &[&str],
    errors: &mut Errors,
) -> Option<Argument> {
    if let Some(cfg) = typed.attrs.iter().find(|a| a.path().is_ident("cfg")) {
        let message = format!("an argument of handler `{handler}` cannot be left out by `#[cfg]`");
        let help = "put `#[cfg]` on the whole handler, and write a second one without the argument";
        errors.push(cfg, Diagnostic::new("KR0106", message).help(help));
    }
    match bare(&typed.ty) {
        Type::Reference(reference) => match capture(&typed.pat, &reference.elem, captures) {
            Some(name) => Some(capture_by_reference(name, reference, errors)),
            None => state(handler, &typed.pat, reference, errors),
        },
        Type::ImplTrait(opaque) => {
            let message = format!("handler `{handler}` needs concrete argument types");
            let help = "name the type, so that it can be extracted from the request";
            errors.push(opaque, Diagnostic::new("KR0105", message).help(help));
            None
        }
        ty if borrowed_in_option(ty).is_some() => {
            optional_read(handler, &typed.pat, borrowed_in_option(ty)?, errors)
        }
        ty => {
            if let Some(diagnostic) = foreign_state(&typed.pat, ty) {
                errors.push(ty, diagnostic);
                return None;
            }
            let ty = ty.clone();
            Some(match capture(&typed.pat, &ty, captures) {
                Some(name) => Argument::Capture { name, ty },
                None if is_revision(&ty) => Argument::Revision { ty },
                None => Argument::Extractor {
                    ty,
                    binding: binding(&typed.pat),
                },
            })
        }
    }
}

/// Whether the type is `Revision`, by its name.
fn is_revision(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|last| last == "Revision") && inner_type(ty).is_none()
}

/// The capture with the argument's name. As anywhere in Rust, the name of an unused argument may start with an underscore.
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

/// Reports a capture that is taken by reference.
fn capture_by_reference(name: String, reference: &TypeReference, errors: &mut Errors) -> Argument {
    let ty = bare(&reference.elem).clone();
    let owned = match quote_type(&ty).as_str() {
        "str" => "String".to_owned(),
        other => other.to_owned(),
    };
    let message = format!("`{name}` is a capture of the path, which is passed by value");
    let help = format!("write `{name}: {owned}`");
    errors.push(reference, Diagnostic::new("KR0207", message).help(help));
    Argument::Capture { name, ty }
}

/// A counter. The host finds it by the argument's name.
fn counter(
    handler: &Ident,
    pattern: &Pat,
    reference: &TypeReference,
    errors: &mut Errors,
) -> Option<Argument> {
    let name = match pattern {
        Pat::Ident(pattern) => pattern.ident.unraw().to_string(),
        _ => String::new(),
    };
    if reference.mutability.is_some() {
        let message = format!(
            "handler `{handler}` needs no `&mut` for a counter, which many requests change at once"
        );
        let written = if name.is_empty() { "visits" } else { &name };
        let help = format!("write `{written}: &Counter`");
        errors.push(reference, Diagnostic::new("KR0216", message).help(help));
        return None;
    }
    if name.is_empty() {
        let message = format!(
            "a counter of handler `{handler}` is found by the argument's name, which is missing"
        );
        let help = "write `visits: &Counter` with the name of the counter's field";
        errors.push(pattern, Diagnostic::new("KR0216", message).help(help));
        return None;
    }
    let name = name.trim_start_matches('_').to_owned();
    let span = reference.elem.span();
    Some(Argument::Counter { name, span })
}

/// The reference in an `Option<&S>`.
fn borrowed_in_option(ty: &Type) -> Option<&TypeReference> {
    let is_option = last_segment(ty).is_some_and(|last| last == "Option");
    match inner_type(ty) {
        Some(Type::Reference(reference)) if is_option => Some(reference),
        _ => None,
    }
}

/// An instance that may not be there, and is read.
fn optional_read(
    handler: &Ident,
    pattern: &Pat,
    reference: &TypeReference,
    errors: &mut Errors,
) -> Option<Argument> {
    let state = quote_type(&reference.elem);
    if reference.mutability.is_some() {
        let message = format!("`{state}` could be changed, and neither made nor removed");
        let help = format!(
            "write `&mut Option<{state}>` for an instance of a `SharedMap`, or `&mut {state}` for a state that is always there"
        );
        errors.push(reference, Diagnostic::new("KR0208", message).help(help));
        return None;
    }
    match self::state(handler, pattern, reference, errors)? {
        Argument::State { state, name, .. } => Some(Argument::State {
            state,
            exclusive: false,
            optional: true,
            name,
        }),
        _ => {
            let message = "a counter is always there, so it cannot be optional";
            let help = "write `visits: &Counter` with the name of the counter's field";
            errors.push(reference, Diagnostic::new("KR0208", message).help(help));
            None
        }
    }
}

/// The name of an argument, without the underscore of one that is not used.
fn name_of(pattern: &Pat) -> Option<String> {
    let Pat::Ident(pattern) = pattern else {
        return None;
    };
    let name = pattern.ident.unraw().to_string();
    Some(name.trim_start_matches('_').to_owned())
}

/// A view of all instances of a keyed state.
fn instances(
    handler: &Ident,
    reference: &TypeReference,
    view: &Type,
    errors: &mut Errors,
) -> Option<Argument> {
    let [key, state] = inner_types(view)[..] else {
        let message = format!("`{handler}` does not say which instances it lists");
        let help = "write `&Instances<K, S>` for the `SharedMap<K, S>` of the host";
        errors.push(reference, Diagnostic::new("KR0318", message).help(help));
        return None;
    };
    if reference.mutability.is_some() {
        let view = quote_type(view);
        let message = format!("`{handler}` lists instances by `{view}`, which changes none");
        let help = format!("write `&{view}`");
        errors.push(reference, Diagnostic::new("KR0318", message).help(help));
        return None;
    }
    Some(Argument::Instances {
        key: key.clone(),
        state: Box::new(state.clone()),
    })
}

fn state(
    handler: &Ident,
    pattern: &Pat,
    reference: &TypeReference,
    errors: &mut Errors,
) -> Option<Argument> {
    let state = bare(&reference.elem);
    let in_option = match last_segment(state).is_some_and(|last| last == "Option") {
        true if reference.mutability.is_some() => inner_type(state),
        _ => None,
    };
    let (state, optional) = match in_option {
        Some(inner) => (bare(inner), true),
        None => (state, false),
    };
    if last_segment(state).is_some_and(|last| last == "Counter") {
        return counter(handler, pattern, reference, errors);
    }
    if last_segment(state).is_some_and(|last| last == "Instances") {
        return instances(handler, reference, state, errors);
    }
    if let Some(lifetime) = &reference.lifetime
        && lifetime.ident == "static"
    {
        let message = format!(
            "handler `{handler}` borrows shared state for the call only, not for `'static`"
        );
        let name = quote_type(state);
        let help = match reference.mutability {
            Some(_) => format!("write `&mut {name}`"),
            None => format!("write `&{name}`"),
        };
        errors.push(lifetime, Diagnostic::new("KR0208", message).help(help));
        return None;
    }
    if let Some(diagnostic) = foreign_state(pattern, state).or_else(|| never_shared(state)) {
        errors.push(reference, diagnostic);
        return None;
    }
    Some(Argument::State {
        state: state.clone(),
        exclusive: reference.mutability.is_some(),
        optional,
        name: name_of(pattern),
    })
}
