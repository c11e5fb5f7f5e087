//! What a handler turns into: the function as it was, and beside it a type of its name that the router can use.

use crate::check::function_kind as shape;
use crate::check::handler::Model;
use crate::expand::lock_checks as guarded;
use crate::expand::pipeline::answer;
use crate::parse::arguments::Argument;
use crate::syntax::function::Function;
use crate::syntax::runtime_path::Root;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use std::time::Duration;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Path, Type};

/// The attributes that this expansion has read off the item, so that the compiler would call their imports unused.
pub(crate) type Consumed = Vec<Path>;

/// The handler's function, and its type with what the router needs.
pub(crate) fn expand(
    function: &Function,
    model: &Model,
    consumed: &Consumed,
    root: &Root,
) -> TokenStream {
    let name = &model.name;
    let cfgs = function.cfgs();
    let twin = twin(function);
    let checks = guarded::checks(model);
    let imports = imports(function, consumed);
    let meta = meta(model);
    let answer = answer(model);
    let bounds = model.states().map(|(state, _)| {
        let how = how(model, state);
        quote!(+ ::kr_runtime::__private::Holds<#state, #how>)
    });
    let borrows = model
        .arguments
        .iter()
        .filter_map(|argument| borrow(model, argument));
    let generated = root.within(quote! {
        #twin

        #cfgs
        impl ::kr_runtime::__private::Handler for #name {
            const META: &'static ::kr_runtime::__private::Meta = &#meta;
            #answer
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
        #(#cfgs #checks)*
    });
    quote!(#function #generated)
}

/// How an argument is borrowed from the host, if it is.
fn borrow(model: &Model, argument: &Argument) -> Option<TokenStream> {
    let in_place = model
        .locked
        .as_ref()
        .is_some_and(|locked| locked.in_place.is_some());
    match argument {
        Argument::State { state, exclusive } => {
            let by = match (exclusive, in_place) {
                (false, _) => quote!(reads),
                (true, false) => quote!(writes),
                (true, true) => quote!(writes_in_place),
            };
            // The bound says how.
            Some(quote!(::kr_runtime::__private::#by::<#state, _, KrHost>(kr_host)))
        }
        Argument::Counter { name, at } => {
            let handler = model.handler();
            let counted = quote_spanned! {*at=>
                const { ::kr_runtime::__private::counted(#handler, #name, <KrHost as ::kr_runtime::Host>::COUNTERS) }
            };
            Some(quote!({
                #counted;
                ::kr_runtime::__private::counts(kr_host, #name)
            }))
        }
        _ => None,
    }
}

/// How the host holds a state: alone, or by one of the keys. A keyed state without its key is told of by a constant, and not
/// as one that the host lacks.
fn how(model: &Model, state: &Type) -> TokenStream {
    // Without captures there is no key.
    if model.captures.is_empty() {
        return quote!(::kr_runtime::__private::Alone);
    }
    let keys = model.templates.iter().map(|template| {
        let types = template
            .iter()
            .filter_map(|index| match &model.arguments[*index] {
                Argument::Capture { ty, .. } => Some(ty),
                _ => None,
            });
        match template.as_slice() {
            [_] => quote!(#(#types)*),
            _ => quote!((#(#types,)*)),
        }
    });
    let locked = model.locked.iter().flat_map(|locked| &locked.keys);
    let templates = locked.filter(|key| !key.places().is_empty());
    quote! {
        <(#(#keys,)*) as ::kr_runtime::__private::Nth<{
            ::kr_runtime::__private::position(<#state as ::kr_runtime::SharedState>::LOCK, &[#(#templates),*])
        }>>::How
    }
}

/// After a mistake: the function, so that editors keep working, and a type that `routes!` takes without another complaint.
pub(crate) fn fall_back(function: &Function, consumed: &Consumed, root: &Root) -> TokenStream {
    let stand_in = stand_in(function, consumed, root);
    quote!(#[allow(dead_code)] #function #stand_in)
}

/// A type that is a route which never runs.
pub(crate) fn stand_in(function: &Function, consumed: &Consumed, root: &Root) -> TokenStream {
    let imports = imports(function, consumed);
    if shape::is_primitive(function) {
        // Its type would be taken for the primitive one all over the module.
        return imports;
    }
    let name = &function.signature.ident;
    let text = name.unraw().to_string();
    let cfgs = function.cfgs();
    let twin = twin(function);
    root.within(quote! {
        #twin

        #cfgs
        impl ::kr_runtime::__private::Handler for #name {
            const META: &'static ::kr_runtime::__private::Meta = &::kr_runtime::__private::Meta::broken(#text);

            fn answer(
                _: ::kr_runtime::__private::Arc<::kr_runtime::__private::Site>,
                _: ::kr_runtime::__private::Request,
            ) -> ::kr_runtime::__private::Answering {
                ::kr_runtime::__private::broken()
            }
        }

        #cfgs
        impl<KrHost: ::kr_runtime::Host> ::kr_runtime::__private::Route<KrHost> for #name {
            fn borrows(_: &KrHost) -> ::kr_runtime::__private::Vec<::kr_runtime::__private::Binding<'_>> {
                ::kr_runtime::__private::Vec::new()
            }
        }

        #imports
    })
}

/// The type of the handler's name. It has no value: it stands for the function where the router wants a type.
fn twin(function: &Function) -> TokenStream {
    let name = &function.signature.ident;
    let visibility = &function.visibility;
    let cfgs = function.cfgs();
    quote! {
        #cfgs
        #[doc(hidden)]
        #[allow(non_camel_case_types, clippy::empty_enums)]
        #visibility enum #name {}
    }
}

fn imports(function: &Function, consumed: &Consumed) -> TokenStream {
    if consumed.is_empty() {
        return TokenStream::new();
    }
    let cfgs = function.cfgs();
    // At the attribute's own place, where the compiler then says that it has not been imported.
    let imports = consumed
        .iter()
        .map(|path| quote_spanned!(path.span()=> #[allow(unused_imports)] use #path as _;));
    quote! {
        #cfgs
        const _: () = {
            #(#imports)*
        };
    }
}

fn meta(model: &Model) -> TokenStream {
    let handler = model.handler();
    let method = &model.route.method;
    let method = Ident::new(&method.to_string(), Span::call_site());
    let path = &model.route.path;
    let locked = model.locked.as_ref();
    let keys = locked
        .map(|locked| locked.keys.as_slice())
        .unwrap_or_default();
    let takes_locks = model.takes_locks();
    let extracts = model.extracts();
    let reads_body = model.reads_body();
    let wait = duration(locked.and_then(|locked| locked.timeout));
    let hold = duration(locked.and_then(|locked| locked.hold));
    quote! {
        ::kr_runtime::__private::Meta {
            handler: #handler,
            method: ::kr_runtime::__private::Method::#method,
            path: #path,
            locks: &[#(#keys),*],
            takes_locks: #takes_locks,
            extracts: #extracts,
            reads_body: #reads_body,
            wait: #wait,
            hold: #hold,
        }
    }
}

fn duration(duration: Option<Duration>) -> TokenStream {
    match duration.map(|duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)) {
        Some(millis) => quote! {
            ::kr_runtime::__private::millis(#millis)
        },
        None => quote!(::kr_runtime::__private::None),
    }
}
