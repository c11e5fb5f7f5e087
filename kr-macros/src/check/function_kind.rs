//! The kind of function that a handler is: free, not generic, without qualifiers other than `async`.

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::function::Function;
use crate::syntax::lifetimes::mentions_lifetime;
use crate::syntax::types::{PRIMITIVES, mentions};
use quote::ToTokens;
use syn::Safety;
use syn::ext::IdentExt;

/// Whether the function is visibly part of an `impl` or a trait. The macro cannot add items there.
pub(crate) fn is_associated(function: &Function) -> bool {
    let signature = &function.signature;
    signature.receiver().is_some()
        || !function.has_body()
        || mentions(&signature.inputs, "Self")
        || mentions(&signature.output, "Self")
}

/// Whether a type with the function's name would shadow a primitive type.
pub(crate) fn is_primitive(function: &Function) -> bool {
    PRIMITIVES.contains(&function.signature.ident.to_string().as_str())
}

/// Reports everything that a handler must not be.
pub(crate) fn check(function: &Function, errors: &mut Errors) {
    let signature = &function.signature;
    let name = signature.ident.unraw();
    if is_associated(function) {
        let (message, help) = if function.has_body() {
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
        let diagnostic = Diagnostic::new("KR0102", message).help(help);
        match signature.receiver() {
            Some(receiver) => errors.push(receiver, diagnostic),
            None => errors.push(&signature.ident, diagnostic),
        }
    }
    let must_not_be = |word: &str| {
        Diagnostic::new("KR0103", format!("handler `{name}` must not be `{word}`")).help(format!(
            "remove `{word}`; the server calls it like any function"
        ))
    };
    if let Some(word) = &signature.constness {
        errors.push(word, must_not_be("const"));
    }
    if !matches!(signature.safety, Safety::Default) {
        errors.push(&signature.safety, must_not_be("unsafe"));
    }
    if let Some(word) = &signature.abi {
        errors.push(word, must_not_be("extern"));
    }
    if signature.variadic.is_some() {
        errors.push(&signature.inputs, must_not_be("..."));
    }
    check_generics(function, errors);
    if is_primitive(function) {
        let message = format!("a handler cannot be named like the primitive type `{name}`");
        let help = format!("give it another name, such as `get_{name}`");
        errors.push(
            &signature.ident,
            Diagnostic::new("KR0108", message).help(help),
        );
    }
}

fn check_generics(function: &Function, errors: &mut Errors) {
    let name = function.signature.ident.unraw();
    let generics = &function.signature.generics;
    let mut unneeded = generics.lifetimes().filter(|declared| {
        // Output that borrows from several states has to say so.
        !mentions_lifetime(
            function.signature.output.to_token_stream(),
            &declared.lifetime,
        )
    });
    if let Some(lifetime) = unneeded.next() {
        let message = format!(
            "handler `{name}` needs no lifetime `{}`: shared state is borrowed for the call only",
            lifetime.lifetime
        );
        let help = "remove the lifetime; the compiler fills it in, and `'_` stands for it in types";
        errors.push(lifetime, Diagnostic::new("KR0107", message).help(help));
    }
    if generics.type_params().next().is_some() || generics.const_params().next().is_some() {
        let message = format!("handler `{name}` must not be generic: a route is mounted once");
        let help = "write a handler with concrete types that calls the generic function";
        errors.push(&generics, Diagnostic::new("KR0104", message).help(help));
    }
}
