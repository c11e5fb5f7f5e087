//! `#[derive(Host)]`: a host is a struct of states.

use crate::parse::host_field::{self, HostField};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::types::mentions;
use syn::{Data, DeriveInput};

/// The fields of a host.
pub(crate) fn check<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Vec<HostField<'a>> {
    let ident = &input.ident;
    let fields = match &input.data {
        Data::Struct(data) => host_field::parse(&data.fields, errors),
        _ => {
            let diagnostic = Diagnostic::new("KR0505", format!("host `{ident}` must be a struct"))
                .help("write a struct with a `Shared<S>` field for each state");
            errors.push(ident, diagnostic);
            Vec::new()
        }
    };
    check_generics(input, &fields, errors);
    fields
}

/// The checks of the states are constants, which cannot name a type parameter of the host.
fn check_generics(input: &DeriveInput, fields: &[HostField<'_>], errors: &mut Errors) {
    let ident = &input.ident;
    if let Some(lifetime) = input.generics.lifetimes().next() {
        let message = format!("host `{ident}` must not borrow: it lives as long as the server");
        let diagnostic = Diagnostic::new("KR0505", message).help("hold owned values, or an `Arc`");
        errors.push(lifetime, diagnostic);
    }
    for parameter in input.generics.type_params() {
        let name = parameter.ident.to_string();
        let of_parameter = fields
            .iter()
            .find(|field| mentions(field.state, &name) || mentions(field.key, &name));
        if let Some(field) = of_parameter {
            let message = format!("a state of host `{ident}` depends on its parameter `{name}`");
            let diagnostic = Diagnostic::new("KR0505", message).help(
                "name the state, so that handlers can be checked against it; other fields may be generic, with `#[host(skip)]`",
            );
            errors.push(field.state, diagnostic);
        }
    }
}
