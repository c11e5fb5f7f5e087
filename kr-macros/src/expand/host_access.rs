//! How a handler reaches its states and counters in the host.

use crate::check::model::Model;
use crate::expand::probes::lock;
use crate::parse::handler_argument::Argument;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;

/// The expression that binds an argument to the host, if the argument comes from there.
pub(crate) fn access(model: &Model, argument: &Argument) -> Option<TokenStream> {
    let is_in_place = model
        .locked
        .as_ref()
        .is_some_and(|locked| locked.in_place.is_some());
    match argument {
        Argument::State {
            state,
            exclusive,
            optional,
            ..
        } => {
            let bind = match (exclusive, is_in_place) {
                (false, _) if *optional => quote!(bind_read_optional),
                (true, false) if *optional => quote!(bind_write_optional),
                (false, _) => quote!(bind_read),
                (true, false) => quote!(bind_write),
                (true, true) => quote!(bind_write_in_place),
            };
            // The bound of the `impl` infers the `_`.
            Some(quote!(::kr_runtime::__private::#bind::<#state, _, KrHost>(kr_host)))
        }
        Argument::Instances { key, state } => {
            Some(quote!(::kr_runtime::__private::bind_instances::<#state, #key, KrHost>(kr_host)))
        }
        Argument::Counter { name, span } => {
            let handler = model.handler();
            let check = quote_spanned! {*span=>
                const { ::kr_runtime::__private::assert_counter(#handler, #name, <KrHost as ::kr_runtime::Host>::COUNTERS) }
            };
            Some(quote!({
                #check;
                ::kr_runtime::__private::bind_counter(kr_host, #name)
            }))
        }
        _ => None,
    }
}

/// The type that says how often the host has a state: once, or once per value of one of the handler's keys. A constant
/// reports a keyed state without its key, so that the bound does not report it as missing in the host.
pub(crate) fn multiplicity(model: &Model, state: &Type) -> TokenStream {
    // Without captures there is no key.
    if model.captures.is_empty() {
        return quote!(::kr_runtime::__private::Single);
    }
    let keys = model.key_arguments.iter().map(|indexes| {
        let types = indexes
            .iter()
            .filter_map(|index| match &model.arguments[*index] {
                Argument::Capture { ty, .. } => Some(ty),
                _ => None,
            });
        match indexes.as_slice() {
            [_] => quote!(#(#types)*),
            _ => quote!((#(#types,)*)),
        }
    });
    let locked = model.locked.iter().flat_map(|locked| &locked.keys);
    let templates = locked.filter(|key| !key.placeholders().is_empty());
    let lock = lock(state);
    quote! {
        <(#(#keys,)*) as ::kr_runtime::__private::KeyAt<{
            ::kr_runtime::__private::key_position(#lock, &[#(#templates),*])
        }>>::Access
    }
}
