//! How a handler reaches its states and counters in the host.

use crate::check::model::Model;
use crate::expand::key_resolver::value;
use crate::expand::probes::lock;
use crate::parse::handler_argument::Argument;
use proc_macro2::{Span, TokenStream};
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
            name,
        } => {
            let bind = match (exclusive, is_in_place) {
                (false, _) if *optional => quote!(bind_read_optional),
                (true, false) if *optional => quote!(bind_write_optional),
                (false, _) => quote!(bind_read),
                (true, false) => quote!(bind_write),
                (true, true) => quote!(bind_write_in_place),
            };
            // The bound of the `impl` infers the `_`, unless several instances of the state have bounds of their own.
            let has_names = model
                .locked
                .as_ref()
                .is_some_and(|locked| !locked.named.is_empty());
            let count = match has_names {
                true => multiplicity(model, state, name.as_deref()),
                false => quote!(_),
            };
            let access = quote!(::kr_runtime::__private::#bind::<#state, #count, KrHost>(kr_host));
            Some(match model.key_number(name.as_deref()) {
                Some(number) => {
                    let access = quote!(::kr_runtime::__private::with_key(#access, #number));
                    with_key_type(model, &access, number)
                }
                None => with_type_of_its_key(model, state, access),
            })
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

/// If the key of that number is a part of an argument, its type is compared with that of the host's keys when the
/// application is built: the type has no name, so no bound can tell.
fn with_key_type(model: &Model, access: &TokenStream, number: usize) -> TokenStream {
    let Some([part]) = model.key_arguments.get(number - 1).map(Vec::as_slice) else {
        return access.clone();
    };
    let Argument::Extractor { ty, .. } = &model.arguments[part.argument] else {
        return access.clone();
    };
    let handler = model.handler();
    let argument = quote_spanned!(Span::mixed_site()=> kr_argument);
    let value = value(model, part, &argument);
    quote! {
        ::kr_runtime::__private::with_key_type(#access, #handler, |#argument: &#ty| #value)
    }
}

/// As [`with_key_type`], of a state whose key has no name: the state's lock tells which of the keys it is.
fn with_type_of_its_key(model: &Model, state: &Type, access: TokenStream) -> TokenStream {
    let count = model.key_arguments.len();
    if count == 1 {
        return with_key_type(model, &access, 1);
    }
    let is_part = |number: &usize| {
        let parts = &model.key_arguments[number - 1];
        matches!(parts.as_slice(), [part] if matches!(model.arguments[part.argument], Argument::Extractor { .. }))
    };
    let numbers: Vec<usize> = (1..=count).filter(is_part).collect();
    if numbers.is_empty() {
        return access;
    }
    let local = quote_spanned!(Span::mixed_site()=> kr_access);
    let typed = numbers
        .iter()
        .map(|number| with_key_type(model, &local, *number));
    let position = position_of_key(model, state);
    quote! {{
        let #local = #access;
        match #position {
            #(#numbers => #typed,)*
            _ => #local,
        }
    }}
}

/// The number of the key with which a state is found.
fn position_of_key(model: &Model, state: &Type) -> TokenStream {
    let locked = model.locked.iter().flat_map(|locked| &locked.keys);
    let templates = locked.filter(|key| !key.placeholders().is_empty());
    let lock = lock(state);
    quote!(::kr_runtime::__private::key_position(#lock, &[#(#templates),*]))
}

/// The type that says how often the host has a state: once, or once per value of one of the handler's keys. A constant
/// reports a keyed state without its key, so that the bound does not report it as missing in the host.
pub(crate) fn multiplicity(model: &Model, state: &Type, name: Option<&str>) -> TokenStream {
    // Without keys there is one.
    if model.captures.is_empty() && model.key_arguments.is_empty() {
        return quote!(::kr_runtime::__private::Single);
    }
    let keys = model.key_arguments.iter().map(|parts| {
        let types = parts
            .iter()
            .filter_map(|part| match &model.arguments[part.argument] {
                Argument::Capture { ty, .. } if part.fields.is_empty() => Some(ty),
                _ => None,
            });
        let types: Vec<&Type> = types.collect();
        match (parts.len(), types.as_slice()) {
            (1, [ty]) => quote!(::kr_runtime::__private::Keyed<#ty>),
            (count, types) if types.len() < count => quote!(::kr_runtime::__private::KeyedByPart),
            _ => quote!(::kr_runtime::__private::Keyed<(#(#types,)*)>),
        }
    });
    if let Some(number) = model.key_number(name) {
        return quote!(<(#(#keys,)*) as ::kr_runtime::__private::KeyAt<#number>>::Access);
    }
    let position = position_of_key(model, state);
    quote!(<(#(#keys,)*) as ::kr_runtime::__private::KeyAt<{ #position }>>::Access)
}
