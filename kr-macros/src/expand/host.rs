//! The implementation of `Host`, and of one trait for each state, by which the compiler finds the state for a handler.

use crate::expand::probes::{checked, declaration, lock};
use crate::expand::unparsable::unparsable_error;
use crate::parse::host_field::HostField;
use crate::syntax::item::name_of_plain_item;
use crate::syntax::runtime_path::RuntimePath;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Error, Generics, Ident, Type, parse_quote};

/// The last `impl` is for handlers that borrow the host itself, which is reported where they do.
pub(crate) fn expand(
    input: &DeriveInput,
    fields: &[HostField<'_>],
    runtime_path: &RuntimePath,
) -> TokenStream {
    let ident = &input.ident;
    let field_values = fields.iter().map(field_value);
    let provides = fields.iter().map(|field| match field.key {
        None => single(ident, field),
        Some(key) => keyed(ident, field, key),
    });
    let checks: Vec<_> = (0..fields.len())
        .flat_map(|index| checks(ident, &fields[..index], &fields[index]))
        .collect();
    let checks = checked(&TokenStream::new(), &checks);
    let singles = fields.iter().filter(|field| field.key.is_none());
    let counters = singles.map(|field| {
        let state = field.state;
        let declaration = declaration(state);
        quote!((#declaration.name, ::kr_runtime::__private::StateProbe::<#state>::TRAITS.counters))
    });
    runtime_path.apply(quote! {
        impl ::kr_runtime::Host for #ident {
            const COUNTERS: ::kr_runtime::__private::Counters = {
                #[allow(unused_imports)]
                use ::kr_runtime::__private::NotState as _;
                &[#(#counters),*]
            };

            fn fields(&self) -> ::kr_runtime::__private::Vec<::kr_runtime::__private::HostField<'_>> {
                ::kr_runtime::__private::vec([#(#field_values),*])
            }
        }
        #(#provides)*
        #checks

        #[doc(hidden)]
        impl ::kr_runtime::__private::HasState<#ident, ::kr_runtime::__private::Single> for #ident {
            fn field(&self) -> ::kr_runtime::__private::HostField<'_> {
                ::core::panic!("this handler has compile errors")
            }
        }
    })
}

/// The expression for a field. If the type of its key is no key, the compiler reports that at the key, once.
fn field_value(HostField { member, key, .. }: &HostField<'_>) -> TokenStream {
    match key {
        None => quote!(self.#member.field()),
        Some(key) => quote_spanned!(key.span()=> self.#member.field()),
    }
}

/// A `Shared<S>` field. If the state's lock is a template, `checks` reports that at the field. The second `impl` then lets
/// handlers find the state all the same, so that they do not report it again.
fn single(ident: &Ident, HostField { member, state, .. }: &HostField<'_>) -> TokenStream {
    let lock = lock(state);
    quote! {
        impl ::kr_runtime::Provides<#state> for #ident {
            fn shared(&self) -> &::kr_runtime::Shared<#state> {
                &self.#member
            }
        }

        #[doc(hidden)]
        impl<KrKey> ::kr_runtime::ProvidesKeyed<#state, KrKey> for #ident
        where
            KrKey: ::kr_runtime::__private::Invalid<{
                ::kr_runtime::__private::is_template(#lock)
            }>,
        {
            fn map(&self) -> &::kr_runtime::SharedMap<KrKey, #state> {
                ::core::panic!("this host has compile errors")
            }

            fn keyed(&self) -> ::kr_runtime::__private::HostField<'_> {
                ::core::panic!("this host has compile errors")
            }
        }
    }
}

/// A `SharedMap<K, S>` field. The second `impl` lets handlers without the key find the state, so that they do not report it as
/// missing in the host.
fn keyed(ident: &Ident, field: &HostField<'_>, key: &Type) -> TokenStream {
    let HostField { member, state, .. } = field;
    let field_value = field_value(field);
    quote! {
        impl ::kr_runtime::ProvidesKeyed<#state, #key> for #ident {
            fn map(&self) -> &::kr_runtime::SharedMap<#key, #state> {
                &self.#member
            }

            fn keyed(&self) -> ::kr_runtime::__private::HostField<'_> {
                #field_value
            }
        }

        #[doc(hidden)]
        impl ::kr_runtime::__private::ProvidesInstances<#state> for #ident {
            fn keyed(&self) -> ::kr_runtime::__private::HostField<'_> {
                #field_value
            }
        }

        #[doc(hidden)]
        impl ::kr_runtime::__private::HasState<#state, ::kr_runtime::__private::Single> for #ident {
            fn field(&self) -> ::kr_runtime::__private::HostField<'_> {
                ::core::panic!("this handler has compile errors")
            }
        }
    }
}

/// Constants that check whether the state's name is unique in the host, and whether its lock fits the field.
fn checks(ident: &Ident, earlier: &[HostField<'_>], field: &HostField<'_>) -> [TokenStream; 2] {
    let host = ident.to_string();
    let earlier = earlier.iter().map(|earlier| declaration(earlier.state));
    let HostField { state, key, .. } = field;
    let declaration = declaration(state);
    let lock_check = match key {
        None => {
            quote_spanned!(state.span()=> ::kr_runtime::__private::assert_single(&#declaration))
        }
        Some(key) => {
            quote_spanned! {state.span()=> {
                #[allow(unused_imports)]
                use ::kr_runtime::__private::NotKey as _;
                ::kr_runtime::__private::assert_keyed(&#declaration, ::kr_runtime::__private::KeyProbe::<#key>::PARTS)
            }}
        }
    };
    let unique = quote_spanned! {state.span()=>
        ::kr_runtime::__private::assert_state_name_unique(#host, &#declaration, &[#(#earlier),*])
    };
    [unique, lock_check]
}

/// After an error: a host with every state that is asked for, so that handlers report nothing more.
pub(crate) fn placeholder(ident: &Ident, generics: Generics) -> TokenStream {
    let mut with_state = generics.clone();
    with_state
        .params
        .push(parse_quote!(KrState: ::kr_runtime::SharedState));
    let mut with_key = with_state.clone();
    with_key.params.push(parse_quote!(KrKey));
    let (for_state, ..) = with_state.split_for_impl();
    let (for_key, ..) = with_key.split_for_impl();
    let (for_impl, of_type, clause) = generics.split_for_impl();
    quote! {
        impl #for_impl ::kr_runtime::Host for #ident #of_type #clause {
            fn fields(&self) -> ::kr_runtime::__private::Vec<::kr_runtime::__private::HostField<'_>> {
                ::kr_runtime::__private::Vec::new()
            }
        }
        impl #for_state ::kr_runtime::Provides<KrState> for #ident #of_type #clause {
            fn shared(&self) -> &::kr_runtime::Shared<KrState> {
                ::core::panic!("this host has compile errors")
            }
        }
        impl #for_state ::kr_runtime::__private::ProvidesInstances<KrState> for #ident #of_type #clause {
            fn keyed(&self) -> ::kr_runtime::__private::HostField<'_> {
                ::core::panic!("this host has compile errors")
            }
        }
        impl #for_key ::kr_runtime::ProvidesKeyed<KrState, KrKey> for #ident #of_type #clause {
            fn map(&self) -> &::kr_runtime::SharedMap<KrKey, KrState> {
                ::core::panic!("this host has compile errors")
            }

            fn keyed(&self) -> ::kr_runtime::__private::HostField<'_> {
                ::core::panic!("this host has compile errors")
            }
        }
    }
}

/// A struct that cannot be parsed, as while the user types it, is a host all the same.
pub(crate) fn unparsable(input: &TokenStream, error: &Error) -> TokenStream {
    let unparsable_error = unparsable_error(error);
    match name_of_plain_item(input, &["struct"]) {
        Some(ident) => {
            let placeholder = placeholder(&ident, Generics::default());
            quote!(#placeholder #unparsable_error)
        }
        None => unparsable_error,
    }
}
