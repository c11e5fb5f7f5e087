//! `#[derive(SharedState)]`: a state has one value, which can be copied, and one lock.

use crate::parse::shared_state::SharedStateAttribute;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use syn::{Data, DeriveInput};

pub(crate) fn check(input: &DeriveInput, attribute: &SharedStateAttribute, errors: &mut Errors) {
    let ident = &input.ident;
    if let Data::Union(union) = &input.data {
        let message = format!("`{ident}` is a union, which cannot be copied field by field");
        let help = "make it a struct or an enum";
        errors.push(
            &union.union_token,
            Diagnostic::new("KR0502", message).help(help),
        );
    }
    if !input.generics.params.is_empty() {
        let message =
            format!("shared state `{ident}` must not be generic: it has one value and one lock");
        let help = "write a type of its own for each state";
        errors.push(
            &input.generics,
            Diagnostic::new("KR0502", message).help(help),
        );
    }
    if attribute.lock.is_none() && !attribute.has_lock {
        let message = format!("shared state `{ident}` names no lock");
        let help = "add `#[shared_state(lock = \"…\")]` with the key of the lock that guards it";
        errors.push(ident, Diagnostic::new("KR0501", message).help(help));
    }
}
