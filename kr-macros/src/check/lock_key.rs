//! `#[derive(LockKey)]`: a struct with one field, without generic parameters.

use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use syn::{Data, DeriveInput, Field, Member};

/// The field that makes up the key, if the type is valid.
pub(crate) fn check<'a>(
    input: &'a DeriveInput,
    errors: &mut Errors,
) -> Option<(Member, &'a Field)> {
    let ident = &input.ident;
    let field = single_field(&input.data);
    if field.is_none() {
        let message = format!(
            "`LockKey` can be derived for a struct with one field, and `{ident}` is not one"
        );
        let help = format!(
            "write `impl LockKey for {ident}` with a `write_to` that tells any two values apart"
        );
        errors.push(ident, Diagnostic::new("KR0507", message).help(help));
    }
    if !input.generics.params.is_empty() {
        let message = format!("`LockKey` cannot be derived for `{ident}`, which is generic");
        let help =
            format!("write a type of its own for each key, or `impl LockKey for {ident}` by hand");
        errors.push(
            &input.generics,
            Diagnostic::new("KR0507", message).help(help),
        );
    }
    // A generic type is already reported, so nothing is asked of its field.
    field.filter(|_| input.generics.params.is_empty())
}

fn single_field(data: &Data) -> Option<(Member, &Field)> {
    let Data::Struct(data) = data else {
        return None;
    };
    let mut fields = data.fields.members().zip(&data.fields);
    let first = fields.next();
    first.filter(|_| fields.next().is_none())
}
