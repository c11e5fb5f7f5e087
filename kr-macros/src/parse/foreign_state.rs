//! Arguments that ask for shared state in a way that kr does not have.

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::types::{PRIMITIVES, inner_type, inner_types, last_segment, quote_type};
use syn::{Ident, Pat, Type};

/// Types that hold a state in other frameworks, in an argument's type, or in a host.
const WRAPPERS: [&str; 6] = ["Arc", "Box", "Mutex", "RwLock", "Shared", "SharedMap"];

/// What is wrong with a borrowed type that cannot be shared state, whatever its traits are.
pub(super) fn never_shared(ty: &Type) -> Option<Diagnostic> {
    let written = quote_type(ty);
    let help = match ty {
        Type::Slice(_) => {
            "take the body as `Bytes`, or borrow a state that has the values".to_owned()
        }
        ty if last_segment(ty).is_some_and(|last| last == "str") => {
            "take the text by value: `name: String`, where `name` is a capture of the path"
                .to_owned()
        }
        ty if PRIMITIVES.contains(&written.as_str()) => {
            format!(
                "take it by value: `name: {}`, where `name` is a capture of the path",
                quote_type(ty)
            )
        }
        Type::Reference(inner) => format!("write `&{}`", quote_type(&inner.elem)),
        ty if last_segment(ty).is_some_and(|last| last == "Option") => {
            let inner = inner_type(ty).map_or_else(|| "S".to_owned(), quote_type);
            format!(
                "write `Option<&{inner}>` for an instance of a `SharedMap`, or `&{inner}` for a state that is always there"
            )
        }
        Type::Path(_) | Type::Macro(_) => return None,
        _ => "borrow the state by the name of its type".to_owned(),
    };
    let message = format!("a reference is shared state, and `{written}` cannot be that");
    Some(Diagnostic::new("KR0207", message).help(help))
}

/// What is wrong with an argument that asks for shared state the way other frameworks do, if it does.
pub(super) fn foreign_state(pattern: &Pat, ty: &Type) -> Option<Diagnostic> {
    let last = last_segment(ty)?;
    let inner = || inner_type(ty).map_or_else(|| "S".to_owned(), quote_type);
    if last == "State" {
        let message = "kr passes shared state by reference, not in `State<_>`";
        let help = by_reference(pattern, &inner());
        let help = format!(
            "{help}; if `{0}` is the host, borrow the states in its fields, or itself: `&{0}`; a state of `App::with_state` is a `WithState<{0}, State<{0}>>`",
            inner()
        );
        return Some(Diagnostic::new("KR0205", message).help(help));
    }
    let is_wrapper = |last: &Ident| WRAPPERS.iter().any(|name| last == name);
    if is_wrapper(last) && inner_type(ty).is_some() {
        let mut inner = inner_types(ty).into_iter().last();
        while let Some(ty) = inner.filter(|ty| last_segment(ty).is_some_and(is_wrapper)) {
            inner = inner_types(ty).into_iter().last();
        }
        let inner = inner.map_or_else(|| "S".to_owned(), quote_type);
        let message = match last == "Shared" || last == "SharedMap" {
            true => format!("a handler borrows the state itself, and not its `{last}`"),
            false => format!("kr holds the lock, so shared state comes without `{last}`"),
        };
        let mut help = by_reference(pattern, &inner);
        if last == "SharedMap" {
            let types: Vec<String> = inner_types(ty).into_iter().map(quote_type).collect();
            help = format!(
                "{help}; or `&Instances<{}>` to list all instances",
                types.join(", ")
            );
        }
        return Some(Diagnostic::new("KR0208", message).help(help));
    }
    None
}

fn by_reference(pattern: &Pat, state: &str) -> String {
    let name = name_in(pattern).map_or_else(|| "state".to_owned(), ToString::to_string);
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
