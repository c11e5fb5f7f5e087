//! `#[derive(SharedState)]`: a state has one value, which can be copied, and one lock.

use crate::parse::shared_state::SharedStateAttribute;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use syn::{Data, DeriveInput, LitInt};

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
    storage(attribute, errors);
}

/// How a store keeps the state.
fn storage(attribute: &SharedStateAttribute, errors: &mut Errors) {
    let SharedStateAttribute {
        transient,
        version,
        upgrade,
        ..
    } = attribute;
    if let (Some(transient), true) = (transient, version.is_some() || upgrade.is_some()) {
        let diagnostic = Diagnostic::new(
            "KR0509",
            "a `transient` state is not kept, so its values have no version",
        );
        errors.push(
            transient,
            diagnostic.help("leave out `transient`, or `version` and `upgrade`"),
        );
        return;
    }
    let number = version.as_ref().map(LitInt::base10_parse::<u32>);
    if let Some(version) = version
        && !matches!(number, Some(Ok(1..)))
    {
        let diagnostic = Diagnostic::new(
            "KR0509",
            format!("`{version}` is no version: versions are counted from 1"),
        );
        errors.push(
            version,
            diagnostic.help("write a number such as `version = 2`"),
        );
    }
    if let Some(upgrade) = upgrade
        && !matches!(number, Some(Err(_) | Ok(2..)))
    {
        let diagnostic = Diagnostic::new(
            "KR0509",
            "`upgrade` is for values of an earlier version, and there is none before version 1",
        );
        errors.push(
            upgrade,
            diagnostic.help("write `version = 2` beside it, or the number after the last one"),
        );
    }
}
