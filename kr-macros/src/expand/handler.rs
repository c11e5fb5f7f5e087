//! What a handler expands to: the function as it was, and a type of the same name that the router uses.

use crate::check::model::Model;
use crate::expand::description::description;
use crate::expand::extractor_checks;
use crate::expand::handler_info::handler_info;
use crate::expand::host_access::{access, multiplicity};
use crate::expand::lock_checks;
use crate::expand::marker_type::{ConsumedAttributes, imports, marker_type};
use crate::expand::path_checks;
use crate::expand::pipeline::pipeline_call;
use crate::expand::probes::checked;
use crate::parse::handler_argument::Argument;
use crate::syntax::function::Function;
use crate::syntax::runtime_path::RuntimePath;
use proc_macro2::TokenStream;
use quote::quote;

pub(crate) fn expand(
    function: &Function,
    model: &Model,
    consumed: &ConsumedAttributes,
    runtime_path: &RuntimePath,
) -> TokenStream {
    let name = &model.name;
    let cfgs = function.cfgs();
    let marker_type = marker_type(function);
    let mut checks = lock_checks::checks(model);
    checks.extend(extractor_checks::checks(model));
    checks.extend(path_checks::check(model));
    let checks = checked(&cfgs, &checks);
    let imports = imports(function, consumed);
    let handler_info = handler_info(model);
    let pipeline_call = pipeline_call(model);
    let description = description(function, model);
    let bounds = model
        .arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::State { state, name, .. } => {
                let multiplicity = multiplicity(model, state, name.as_deref());
                Some(quote!(+ ::kr_runtime::__private::HasState<#state, #multiplicity>))
            }
            _ => None,
        });
    let listed = model
        .listed_states()
        .map(|(key, state)| quote!(+ ::kr_runtime::ProvidesKeyed<#state, #key>));
    let bounds = bounds.chain(listed);
    let borrows = model
        .arguments
        .iter()
        .filter_map(|argument| access(model, argument));
    let revision = model
        .asks_revision()
        .then(|| quote!(::kr_runtime::__private::bind_revision()));
    let borrows = borrows.chain(revision);
    let generated = runtime_path.apply(quote! {
        #marker_type

        #cfgs
        #[allow(deprecated)]
        impl ::kr_runtime::__private::Handler for #name {
            const INFO: &'static ::kr_runtime::__private::HandlerInfo = #handler_info;
            #pipeline_call
            #description
        }

        #cfgs
        impl<KrHost> ::kr_runtime::__private::Route<KrHost> for #name
        where
            KrHost: ::kr_runtime::Host #(#bounds)*
        {
            fn borrows(kr_host: &KrHost) -> ::kr_runtime::__private::Vec<::kr_runtime::__private::Binding<'_>> {
                let _ = kr_host;
                ::kr_runtime::__private::vec([#(#borrows),*])
            }
        }

        #imports
        #checks
    });
    quote!(#function #generated)
}
