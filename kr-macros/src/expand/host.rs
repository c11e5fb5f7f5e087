//! The implementation of `Host`, and of one trait for each state, by which the compiler finds the state for a handler.

use crate::expand::probes::{checked, declaration, lock};
use crate::expand::unparsable::unparsable_error;
use crate::parse::host_field::HostField;
use crate::syntax::item::name_of_plain_item;
use crate::syntax::runtime_path::RuntimePath;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Error, Generics, Ident, Type, WhereClause, WherePredicate, parse_quote};

/// The last `impl` is for handlers that borrow the host itself.
pub(crate) fn expand(
    input: &DeriveInput,
    fields: &[HostField<'_>],
    runtime_path: &RuntimePath,
) -> TokenStream {
    let ident = &input.ident;
    let host = &HostType::new(input);
    let HostType {
        for_impl,
        with_key: _,
        ty,
        clause,
    } = host;
    let field_values = fields.iter().map(field_value);
    let provides = fields.iter().map(|field| match field.key {
        None => single(host, field),
        Some(key) => keyed(host, field, key),
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
    let stored = stored(host, fields);
    runtime_path.apply(quote! {
        #stored

        impl #for_impl ::kr_runtime::Host for #ty #clause {
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
        impl #for_impl ::kr_runtime::__private::HasState<#ty, ::kr_runtime::__private::Single> for #ty #clause {
            const IS_HOST: ::core::primitive::bool = true;

            fn field(&self) -> ::kr_runtime::__private::HostField<'_> {
                ::core::unreachable!("the host is in none of its fields")
            }
        }
    })
}

/// A host in the header of an `impl`, with its type parameters.
struct HostType {
    /// The parameters of the `impl`.
    for_impl: TokenStream,
    /// The same, and `KrKey`.
    with_key: TokenStream,
    ty: TokenStream,
    /// The `where` clause.
    clause: Option<WhereClause>,
}

impl HostType {
    fn new(input: &DeriveInput) -> Self {
        let ident = &input.ident;
        let generics = with_bounds(input.generics.clone());
        let mut with_key = generics.clone();
        with_key.params.push(parse_quote!(KrKey));
        let (with_key, ..) = with_key.split_for_impl();
        let (for_impl, of_type, clause) = generics.split_for_impl();
        Self {
            for_impl: quote!(#for_impl),
            with_key: quote!(#with_key),
            ty: quote!(#ident #of_type),
            clause: clause.cloned(),
        }
    }

    /// The `where` clause with one more condition.
    fn clause_with(&self, predicate: WherePredicate) -> WhereClause {
        let mut clause = self.clause.clone().unwrap_or_else(|| parse_quote!(where));
        clause.predicates.push(predicate);
        clause
    }
}

/// What a host is, whatever its parameters are.
fn with_bounds(mut generics: Generics) -> Generics {
    if !generics.params.is_empty() {
        generics.make_where_clause().predicates.push(parse_quote!(
            Self: ::core::marker::Send + ::core::marker::Sync + 'static
        ));
    }
    generics
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
fn single(host: &HostType, HostField { member, state, .. }: &HostField<'_>) -> TokenStream {
    let HostType {
        for_impl,
        with_key,
        ty,
        clause,
    } = host;
    let lock = lock(state);
    let is_invalid = host.clause_with(parse_quote! {
        KrKey: ::kr_runtime::__private::Invalid<{
            ::kr_runtime::__private::is_template(#lock)
        }>
    });
    quote! {
        impl #for_impl ::kr_runtime::Provides<#state> for #ty #clause {
            fn shared(&self) -> &::kr_runtime::Shared<#state> {
                &self.#member
            }
        }

        #[doc(hidden)]
        impl #with_key ::kr_runtime::ProvidesKeyed<#state, KrKey> for #ty #is_invalid {
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
fn keyed(host: &HostType, field: &HostField<'_>, key: &Type) -> TokenStream {
    let HostType {
        for_impl,
        with_key: _,
        ty,
        clause,
    } = host;
    let HostField { member, state, .. } = field;
    let field_value = field_value(field);
    quote! {
        impl #for_impl ::kr_runtime::ProvidesKeyed<#state, #key> for #ty #clause {
            fn map(&self) -> &::kr_runtime::SharedMap<#key, #state> {
                &self.#member
            }

            fn keyed(&self) -> ::kr_runtime::__private::HostField<'_> {
                #field_value
            }
        }

        #[doc(hidden)]
        impl #for_impl ::kr_runtime::__private::ProvidesInstances<#state> for #ty #clause {
            fn keyed(&self) -> ::kr_runtime::__private::HostField<'_> {
                #field_value
            }
        }

        #[doc(hidden)]
        impl #for_impl ::kr_runtime::__private::HasState<#state, ::kr_runtime::__private::Single> for #ty #clause {
            fn field(&self) -> ::kr_runtime::__private::HostField<'_> {
                ::core::panic!("this handler has compile errors")
            }
        }
    }
}

/// A host whose states a store can keep. The conditions are not looked at here, but where a store is chosen.
fn stored(host: &HostType, fields: &[HostField<'_>]) -> TokenStream {
    let HostType {
        for_impl,
        ty,
        clause,
        ..
    } = host;
    let states: Vec<&Type> = fields.iter().map(|field| field.state).collect();
    let mut clause = clause.clone().unwrap_or_else(|| parse_quote!(where));
    for state in &states {
        clause.predicates.push(parse_quote! {
            for<'kr> ::kr_runtime::__private::Wrap<'kr, #state>: ::kr_runtime::__private::IsStored<#state>
        });
    }
    quote! {
        impl #for_impl ::kr_runtime::StoredHost for #ty #clause {
            fn storage(&self) -> ::kr_runtime::__private::Vec<::kr_runtime::__private::Option<::kr_runtime::__private::Storage>> {
                ::kr_runtime::__private::vec([
                    #(<::kr_runtime::__private::Wrap<'static, #states> as ::kr_runtime::__private::IsStored<#states>>::STORAGE),*
                ])
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
    let generics = with_bounds(generics);
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
        impl #for_impl ::kr_runtime::StoredHost for #ident #of_type #clause {
            fn storage(&self) -> ::kr_runtime::__private::Vec<::kr_runtime::__private::Option<::kr_runtime::__private::Storage>> {
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
