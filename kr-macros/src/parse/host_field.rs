//! The fields of a `#[derive(Host)]` struct.

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::types::{inner_types, last_segment, quote_type};
use quote::ToTokens;
use syn::{Field, Fields, Ident, Member, MetaList, Type};

/// A field and the state in it.
pub(crate) struct HostField<'a> {
    pub(crate) member: Member,
    pub(crate) state: &'a Type,
    /// The type of the key, if the state has one instance per key.
    pub(crate) key: Option<&'a Type>,
}

/// The fields in order, without the invalid ones, which are reported.
pub(crate) fn parse<'a>(fields: &'a Fields, errors: &mut Errors) -> Vec<HostField<'a>> {
    let mut parsed: Vec<HostField<'a>> = Vec::new();
    for (member, field) in fields.members().zip(fields) {
        if is_skipped(field, errors) {
            continue;
        }
        let Some((state, key)) = state_and_key(field) else {
            let message = format!(
                "a host holds shared states, and field `{}` is not one",
                member.to_token_stream()
            );
            let help = format!(
                "write `Shared<{}>`, or put `#[host(skip)]` on a field that is something else",
                quote_type(&field.ty)
            );
            errors.push(&field.ty, Diagnostic::new("KR0505", message).help(help));
            continue;
        };
        let text = state.to_token_stream().to_string();
        if parsed
            .iter()
            .any(|known| known.state.to_token_stream().to_string() == text)
        {
            let message = format!(
                "the host holds `{text}` twice, so a handler could not say which it borrows"
            );
            let help = "give the second state a type of its own";
            errors.push(&field.ty, Diagnostic::new("KR0506", message).help(help));
            continue;
        }
        parsed.push(HostField { member, state, key });
    }
    parsed
}

/// Whether the field has `#[host(skip)]`: it is no state.
fn is_skipped(field: &Field, errors: &mut Errors) -> bool {
    let given = field.attrs.iter();
    let mut given = given.filter(|attribute| attribute.path().is_ident("host"));
    let Some(attribute) = given.next() else {
        return false;
    };
    let is_skip = |list: &MetaList| {
        syn::parse2::<Ident>(list.tokens.clone()).is_ok_and(|word| word == "skip")
    };
    if !attribute.meta.require_list().is_ok_and(is_skip) {
        let message = "`#[host]` on a field takes `skip` and nothing else";
        let help = "write `#[host(skip)]`, or remove it";
        errors.push(attribute, Diagnostic::new("KR0504", message).help(help));
    }
    true
}

/// The `S` of a field of type `Shared<S>`, or the `S` and the `K` of a `SharedMap<K, S>`.
fn state_and_key(field: &Field) -> Option<(&Type, Option<&Type>)> {
    let name = last_segment(&field.ty)?;
    match inner_types(&field.ty).as_slice() {
        [state] if name == "Shared" => Some((state, None)),
        [key, state] if name == "SharedMap" => Some((state, Some(key))),
        _ => None,
    }
}
