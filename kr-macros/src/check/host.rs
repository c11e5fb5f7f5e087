//! `#[derive(Host)]`: a host is a struct of states.

use crate::parse::host_field::{self, HostField};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
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
    if !input.generics.params.is_empty() {
        let diagnostic = Diagnostic::new("KR0505", format!("host `{ident}` must not be generic"))
            .help("name its states, so that handlers can be checked against them");
        errors.push(&input.generics, diagnostic);
    }
    fields
}
