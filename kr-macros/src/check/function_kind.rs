//! The kind of function that a handler is: a free one, with nothing left open.

use crate::syntax::diagnostic::{Mistake, Sink};
use crate::syntax::function::Function;
use crate::syntax::types::mentions;
use syn::Safety;
use syn::ext::IdentExt;

/// Types in whose place the handler's type would step.
const PRIMITIVES: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16",
    "u32", "u64", "u128", "usize",
];

/// Whether it is seen to be no free function. Then nothing may stand beside it.
pub(crate) fn is_associated(function: &Function) -> bool {
    let signature = &function.signature;
    signature.receiver().is_some()
        || !function.has_body()
        || mentions(&signature.inputs, "Self")
        || mentions(&signature.output, "Self")
}

/// Whether a type of its name would be taken for a primitive type.
pub(crate) fn is_primitive(function: &Function) -> bool {
    PRIMITIVES.contains(&function.signature.ident.to_string().as_str())
}

/// Notes every mistake in the kind of function that it is.
pub(crate) fn check(function: &Function, sink: &mut Sink) {
    let signature = &function.signature;
    let name = signature.ident.unraw();
    if is_associated(function) {
        let (what, help) = if function.has_body() {
            (
                format!("`#[kr_route]` works on free functions, and `{name}` belongs to an `impl`"),
                format!("move `{name}` out of the `impl`, and borrow its state as `state: &mut S`"),
            )
        } else {
            (
                format!("`#[kr_route]` works on free functions, and `{name}` has no body"),
                format!("write `{name}` outside the trait, with a body"),
            )
        };
        let mistake = Mistake::new("KR0102", what).help(help);
        match signature.receiver() {
            Some(receiver) => sink.push(receiver, mistake),
            None => sink.push(&signature.ident, mistake),
        }
    }
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
    if is_primitive(function) {
        let what = format!("a handler cannot be named like the primitive type `{name}`");
        let help = format!("give it another name, such as `get_{name}`");
        sink.push(&signature.ident, Mistake::new("KR0108", what).help(help));
    }
}

fn generics(function: &Function, sink: &mut Sink) {
    let name = function.signature.ident.unraw();
    let generics = &function.signature.generics;
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
