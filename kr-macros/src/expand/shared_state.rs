//! The implementation of `SharedState`: the name of a state, and the lock that guards it.

use crate::expand::mutability_checks;
use crate::expand::probes::checked;
use crate::expand::unparsable::unparsable_error;
use crate::parse::key::Key;
use crate::parse::secret::Secrets;
use crate::parse::shared_state::SharedStateAttribute;
use crate::syntax::item::name_of_plain_item;
use crate::syntax::types::last_segment;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, parse_quote};

/// After an error the type is a shared state all the same, so that its handlers report nothing more.
pub(crate) fn expand(input: &DeriveInput, attribute: &SharedStateAttribute) -> TokenStream {
    let ident = &input.ident;
    let name = match &attribute.name {
        Some(name) => quote!(#name),
        None => {
            let name = ident.unraw().to_string();
            quote!(#name)
        }
    };
    let key = match &attribute.lock {
        Some(lock) => quote!(#lock),
        None => quote!("?"),
    };
    let mut generics = input.generics.clone();
    if !generics.params.is_empty() {
        // A generic state is already reported, so the compiler is kept from reporting what its parameters lack.
        generics.make_where_clause().predicates.push(parse_quote!(
            Self: ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync + 'static
        ));
    }
    let (for_impl, of_type, clause) = generics.split_for_impl();
    // A literal is already checked; only the compiler knows the value of a constant.
    let key_check = match &attribute.lock {
        Some(key @ Key::Path(_)) => {
            quote_spanned!(key.span()=> const _: () = ::kr_runtime::__private::assert_constant_key(#key);)
        }
        _ => TokenStream::new(),
    };
    let traits = traits(input, attribute);
    let storage = stored(input, attribute);
    let mutability_checks = match generics.params.is_empty() {
        true => checked(&TokenStream::new(), &mutability_checks::checks(input)),
        false => TokenStream::new(),
    };
    attribute.runtime_path.apply(quote! {
        impl #for_impl ::kr_runtime::SharedState for #ident #of_type #clause {
            const NAME: &'static ::core::primitive::str = #name;
            const LOCK: &'static ::core::primitive::str = #key;
            const ID: &'static ::core::primitive::str = ::core::concat!(::core::module_path!(), "::", ::core::stringify!(#ident));
            #traits
        }
        #storage
        #key_check
        #mutability_checks
    })
}

/// How a store keeps the state. The condition is not looked at here, but where a store is chosen.
fn stored(input: &DeriveInput, attribute: &SharedStateAttribute) -> TokenStream {
    let ident = &input.ident;
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    if attribute.transient.is_some() {
        return quote! {
            #[doc(hidden)]
            impl ::kr_runtime::__private::StoredState for #ident {
                const STORAGE: ::kr_runtime::__private::Option<::kr_runtime::__private::Storage> = ::kr_runtime::__private::None;
            }
        };
    }
    let version = version(attribute);
    let upgrade = match upgrade(input, attribute) {
        None => quote!(::kr_runtime::__private::None),
        Some(upgrade) => quote!(::kr_runtime::__private::Some(#upgrade)),
    };
    quote! {
        #[doc(hidden)]
        impl ::kr_runtime::__private::StoredState for #ident
        where
            for<'kr> ::kr_runtime::__private::Wrap<'kr, #ident>: ::kr_runtime::__private::Storable<#ident>,
        {
            const STORAGE: ::kr_runtime::__private::Option<::kr_runtime::__private::Storage> =
                ::kr_runtime::__private::Some(::kr_runtime::__private::Storage::new(
                    <::kr_runtime::__private::Wrap<'static, #ident> as ::kr_runtime::__private::Storable<#ident>>::CODEC,
                    #version,
                    #upgrade,
                ));
        }
    }
}

/// What makes a value of what an earlier version of the type has left.
fn upgrade(input: &DeriveInput, attribute: &SharedStateAttribute) -> Option<TokenStream> {
    let (ident, upgrade) = (&input.ident, attribute.upgrade.as_ref()?);
    Some(quote_spanned! {upgrade.span()=>
        |kr_version, kr_json| {
            ::kr_runtime::__private::upgraded::<#ident, _>(#upgrade(kr_version, kr_json))
        }
    })
}

/// The version of the type.
fn version(attribute: &SharedStateAttribute) -> u32 {
    let version = attribute.version.as_ref();
    version.map_or(1, |version| version.base10_parse().unwrap_or(1))
}

/// What the runtime needs to know of the type: its counters, and how it is serialized. A generic type has none of it.
fn traits(input: &DeriveInput, attribute: &SharedStateAttribute) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let fields = match &input.data {
        Data::Struct(data) => Some(&data.fields),
        _ => None,
    };
    let counters = fields.into_iter().flatten().filter_map(|field| {
        let name = field.ident.as_ref()?;
        let ty = &field.ty;
        last_segment(ty).filter(|last| *last == "Counter")?;
        let text = name.unraw().to_string();
        Some(quote! {
            ::kr_runtime::__private::CounterField {
                name: #text,
                is_counter: ::kr_runtime::__private::SerializeProbe::<#ty>::IS_COUNTER,
                find: |kr_state| ::kr_runtime::__private::as_counter(&::kr_runtime::__private::state_of::<Self>(kr_state).#name),
            }
        })
    });
    let Secrets { is_all, members } = &attribute.secrets;
    let version = version(attribute);
    let form = quote!(::kr_runtime::__private::SerializeProbe::<Self>::SNAPSHOT);
    let snapshot = match (&attribute.transient, upgrade(input, attribute)) {
        (Some(_), _) => quote!(::kr_runtime::__private::None),
        (None, Some(upgrade)) => quote!(::kr_runtime::__private::with_upgrade(#form, #upgrade)),
        (None, None) => form,
    };
    quote! {
        const TRAITS: ::kr_runtime::__private::Traits = {
            #[allow(unused_imports)]
            use ::kr_runtime::__private::{NotCounter as _, NotSerializable as _};
            ::kr_runtime::__private::Traits {
                counters: &[#(#counters),*],
                json: ::kr_runtime::__private::SerializeProbe::<Self>::JSON,
                secrets: ::kr_runtime::__private::Secrets { all: #is_all, members: &[#(#members),*] },
                snapshot: #snapshot,
                version: #version,
            }
        };
    }
}

/// A type that cannot be parsed, as while the user types it, is a shared state all the same.
pub(crate) fn unparsable(input: &TokenStream, error: &Error) -> TokenStream {
    let unparsable_error = unparsable_error(error);
    let Some(ident) = name_of_plain_item(input, &["struct", "enum", "union"]) else {
        return unparsable_error;
    };
    let name = ident.unraw().to_string();
    quote! {
        impl ::kr_runtime::SharedState for #ident {
            const NAME: &'static ::core::primitive::str = #name;
            const LOCK: &'static ::core::primitive::str = "?";
            const ID: &'static ::core::primitive::str = "?";
        }
        #unparsable_error
    }
}
