//! The implementation of `LockKey` for a struct with one field, which the field's own implementation writes.

use crate::syntax::runtime_path::RuntimePath;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Field, Member};

pub(crate) fn expand(
    input: &DeriveInput,
    field: Option<(Member, &Field)>,
    runtime_path: &RuntimePath,
) -> TokenStream {
    let ident = &input.ident;
    let write_field = field.as_ref().map(|(member, field)| {
        let ty = &field.ty;
        quote_spanned!(ty.span()=> <#ty as ::kr_runtime::LockKey>::write_to(&self.#member, kr_key_writer);)
    });
    let read_field = field.as_ref().map(|(member, field)| {
        let ty = &field.ty;
        let key = quote_spanned!(ty.span()=> <#ty as ::kr_runtime::LockKey>);
        quote! {
            const IS_READABLE: bool = #key::IS_READABLE;

            fn read_from(
                kr_key_reader: &mut ::kr_runtime::__private::KeyReader<'_>,
            ) -> ::core::option::Option<Self> {
                match #key::read_from(kr_key_reader) {
                    ::core::option::Option::Some(kr_key) => ::core::option::Option::Some(Self { #member: kr_key }),
                    ::core::option::Option::None => ::core::option::Option::None,
                }
            }
        }
    });
    let (for_impl, of_type, clause) = input.generics.split_for_impl();
    let clause = match clause {
        // A generic type is already reported, so the compiler is kept from reporting what it lacks.
        None if !input.generics.params.is_empty() => quote! {
            where Self: ::core::clone::Clone + ::core::cmp::Eq + ::core::hash::Hash + ::core::marker::Send
                + ::core::marker::Sync + 'static
        },
        clause => quote!(#clause),
    };
    let stored = field.as_ref().map(|(member, field)| {
        let ty = &field.ty;
        let key = match member {
            Member::Named(name) => quote!(Self { #name: kr_field }),
            Member::Unnamed(_) => quote!(Self(kr_field)),
        };
        quote_spanned! {ty.span()=>
            fn write_stored(&self, kr_key: &mut ::kr_runtime::StoredKeyWriter) {
                <#ty as ::kr_runtime::LockKey>::write_stored(&self.#member, kr_key);
            }

            fn read_stored(kr_key: &mut ::kr_runtime::StoredKeyReader<'_>) -> ::kr_runtime::__private::Option<Self> {
                let kr_field = <#ty as ::kr_runtime::LockKey>::read_stored(kr_key)?;
                ::kr_runtime::__private::Some(#key)
            }
        }
    });
    let compare_field = field.map(|(member, field)| {
        let ty = &field.ty;
        quote_spanned!(ty.span()=> <#ty as ::kr_runtime::LockKey>::compare(&self.#member, &kr_other.#member))
    });
    let compare = compare_field.map(|compare| {
        quote! {
            fn compare(&self, kr_other: &Self) -> ::core::cmp::Ordering {
                #compare
            }
        }
    });
    runtime_path.apply(quote! {
        impl #for_impl ::kr_runtime::LockKey for #ident #of_type #clause {
            fn write_to(&self, kr_key_writer: &mut ::kr_runtime::KeyWriter<'_>) {
                let _ = &kr_key_writer;
                #write_field
            }

            #read_field

            #compare

            #stored
        }
    })
}
