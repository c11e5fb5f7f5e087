//! What a handler turns into: the function as it was, and beside it a type of its name that the router can use.

use super::answer::answer;
use super::check::Model;
use super::guarded;
use super::shape;
use crate::signature::Function;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use std::time::Duration;
use syn::Path;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

/// The attributes that this expansion has read off the item, so that the compiler would call their imports unused.
pub(crate) type Consumed = Vec<Path>;

/// The handler's function, and its type with what the router needs.
pub(crate) fn expand(function: &Function, model: &Model, consumed: &Consumed) -> TokenStream {
    let name = &model.name;
    let cfgs = function.cfgs();
    let twin = twin(function);
    let checks = guarded::checks(model);
    let imports = imports(function, consumed);
    let meta = meta(model);
    let answer = answer(model);
    let bounds = model
        .states()
        .map(|(state, _)| quote!(+ ::kr_runtime::Provides<#state>));
    let borrows = model.states().map(|(state, exclusive)| {
        let how = if exclusive {
            quote!(writes)
        } else {
            quote!(reads)
        };
        quote!(::kr_runtime::__private::#how::<#state, KrHost>(host))
    });
    quote! {
        #function
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
            fn borrows(host: &KrHost) -> ::kr_runtime::__private::Vec<::kr_runtime::__private::Binding<'_>> {
                let _ = host;
                ::kr_runtime::__private::vec([#(#borrows),*])
            }
        }

        #imports
        #(#cfgs #checks)*
    }
}

/// After a mistake: the function, so that editors keep working, and a type that `routes!` takes without another complaint.
pub(crate) fn fall_back(function: &Function, consumed: &Consumed) -> TokenStream {
    let imports = imports(function, consumed);
    if shape::is_primitive(function) {
        // Its type would be taken for the primitive one all over the module.
        return quote!(#[allow(dead_code)] #function #imports);
    }
    let name = &function.signature.ident;
    let text = name.unraw().to_string();
    let cfgs = function.cfgs();
    let twin = twin(function);
    quote! {
        #[allow(dead_code)]
        #function
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
    }
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
            ::kr_runtime::__private::Some(::kr_runtime::__private::Duration::from_millis(#millis))
        },
        None => quote!(::kr_runtime::__private::None),
    }
}
