//! `#[derive(Host)]`: the states that a struct holds.

use crate::expand::unparsable::{last_word, name_after};
use crate::syntax::diagnostic::{Mistake, Sink};
use crate::syntax::runtime_path as root;
use crate::syntax::types::{inner_types, last_segment, quote_type};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Field, Generics, Ident, Member, Type, parse_quote};

/// A field and the state behind it.
struct State<'a> {
    member: Member,
    state: &'a Type,
    /// By what its instances are kept, if there is more than one.
    key: Option<&'a Type>,
}

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input.clone()) {
        Ok(input) => input,
        Err(error) => return unread(&input, &error),
    };
    let mut sink = Sink::default();
    let root = root::on_type(&input, "host", &mut sink);
    let ident = &input.ident;
    let states = match &input.data {
        Data::Struct(data) => states(&data.fields, &mut sink),
        _ => {
            let mistake = Mistake::new("KR0505", format!("host `{ident}` must be a struct"))
                .help("write a struct with a `Shared<S>` field for each state");
            sink.push(ident, mistake);
            Vec::new()
        }
    };
    if !input.generics.params.is_empty() {
        let mistake = Mistake::new("KR0505", format!("host `{ident}` must not be generic"))
            .help("name its states, so that handlers can be checked against them");
        sink.push(&input.generics, mistake);
    }
    if !sink.is_empty() {
        let stand_in = root.within(stand_in(ident, input.generics.clone()));
        let errors = sink.into_tokens();
        return quote!(#stand_in #errors);
    }
    let part = |State { member, key, .. }: &State<'_>| match key {
        None => quote!(self.#member.part()),
        // That its type is no key is said there, and once.
        Some(key) => quote_spanned!(key.span()=> self.#member.part()),
    };
    let parts = states.iter().map(part);
    // Each field's type is named at its own place, so that what is no state is pointed at there.
    let name =
        |state: &Type| quote_spanned!(state.span()=> <#state as ::kr_runtime::SharedState>::NAME);
    let lock =
        |state: &Type| quote_spanned!(state.span()=> <#state as ::kr_runtime::SharedState>::LOCK);
    // Where a state's lock does not fit the field, a constant tells of it. Its handlers find it all the same, and do not
    // complain as well.
    let provides = states.iter().map(|this| {
        let State { member, state, key } = this;
        let (lock, part) = (lock(state), part(this));
        match key {
        None => quote! {
            impl ::kr_runtime::Provides<#state> for #ident {
                fn shared(&self) -> &::kr_runtime::Shared<#state> {
                    &self.#member
                }
            }

            #[doc(hidden)]
            impl<KrKey> ::kr_runtime::ProvidesKeyed<#state, KrKey> for #ident
            where
                KrKey: ::kr_runtime::__private::Mistaken<{
                    ::kr_runtime::__private::is_template(#lock)
                }>,
            {
                fn map(&self) -> &::kr_runtime::SharedMap<KrKey, #state> {
                    ::core::panic!("this host has compile errors")
                }

                fn keyed(&self) -> ::kr_runtime::__private::Field<'_> {
                    ::core::panic!("this host has compile errors")
                }
            }
        },
        Some(key) => quote! {
            impl ::kr_runtime::ProvidesKeyed<#state, #key> for #ident {
                fn map(&self) -> &::kr_runtime::SharedMap<#key, #state> {
                    &self.#member
                }

                fn keyed(&self) -> ::kr_runtime::__private::Field<'_> {
                    #part
                }
            }

            #[doc(hidden)]
            impl ::kr_runtime::__private::Holds<#state, ::kr_runtime::__private::Alone> for #ident {
                fn part(&self) -> ::kr_runtime::__private::Field<'_> {
                    ::core::panic!("this handler has compile errors")
                }
            }
        },
        }
    });
    let host = ident.to_string();
    let names = states.iter().enumerate().map(|(index, this)| {
        let before = states[..index].iter().map(|other| name(other.state));
        let (name, lock) = (name(this.state), lock(this.state));
        let (state, key) = (this.state, this.key);
        let as_it_is = match key {
            None => quote_spanned!(state.span()=> ::kr_runtime::__private::held_alone(#name, #lock)),
            Some(key) => {
                quote_spanned! {state.span()=> {
                    #[allow(unused_imports)]
                    use ::kr_runtime::__private::NoKey as _;
                    ::kr_runtime::__private::held_by_key(#name, #lock, ::kr_runtime::__private::KeyProbe::<#key>::PARTS)
                }}
            }
        };
        quote_spanned! {this.state.span()=>
            const _: () = ::kr_runtime::__private::named_once(#host, #name, &[#(#before),*]);
            const _: () = #as_it_is;
        }
    });
    let counting = states.iter().filter(|state| state.key.is_none());
    let counting: Vec<_> = counting.map(|state| state.state).collect();
    root.within(quote! {
        impl ::kr_runtime::Host for #ident {
            const COUNTERS: ::kr_runtime::__private::Counters = &[
                #((<#counting as ::kr_runtime::SharedState>::NAME, <#counting as ::kr_runtime::SharedState>::TRAITS.counters)),*
            ];

            fn parts(&self) -> ::kr_runtime::__private::Vec<::kr_runtime::__private::Field<'_>> {
                ::kr_runtime::__private::vec([#(#parts),*])
            }
        }
        #(#provides)*
        #(#names)*
    })
}

/// After a mistake: a host of whatever is asked for, so that its handlers do not complain as well.
fn stand_in(ident: &Ident, generics: Generics) -> TokenStream {
    let mut every = generics.clone();
    every
        .params
        .push(parse_quote!(KrState: ::kr_runtime::SharedState));
    let mut keyed = every.clone();
    keyed.params.push(parse_quote!(KrKey));
    let (for_every, ..) = every.split_for_impl();
    let (for_keyed, ..) = keyed.split_for_impl();
    let (for_impl, of_type, clause) = generics.split_for_impl();
    quote! {
        impl #for_impl ::kr_runtime::Host for #ident #of_type #clause {
            fn parts(&self) -> ::kr_runtime::__private::Vec<::kr_runtime::__private::Field<'_>> {
                ::kr_runtime::__private::Vec::new()
            }
        }
        impl #for_every ::kr_runtime::Provides<KrState> for #ident #of_type #clause {
            fn shared(&self) -> &::kr_runtime::Shared<KrState> {
                ::core::panic!("this host has compile errors")
            }
        }
        impl #for_keyed ::kr_runtime::ProvidesKeyed<KrState, KrKey> for #ident #of_type #clause {
            fn map(&self) -> &::kr_runtime::SharedMap<KrKey, KrState> {
                ::core::panic!("this host has compile errors")
            }

            fn keyed(&self) -> ::kr_runtime::__private::Field<'_> {
                ::core::panic!("this host has compile errors")
            }
        }
    }
}

/// A struct that is still being typed is a host all the same.
fn unread(input: &TokenStream, error: &Error) -> TokenStream {
    let last_word = last_word(error);
    match name_after(input, &["struct"]) {
        Some(ident) => {
            let stand_in = stand_in(&ident, Generics::default());
            quote!(#stand_in #last_word)
        }
        None => last_word,
    }
}

fn states<'a>(fields: &'a syn::Fields, sink: &mut Sink) -> Vec<State<'a>> {
    let mut states: Vec<State<'a>> = Vec::new();
    for (member, field) in fields.members().zip(fields) {
        let Some((state, key)) = shared(field) else {
            let what = format!(
                "a host holds shared states, and field `{}` is none",
                member.to_token_stream()
            );
            let help = format!(
                "write `Shared<{}>`, or keep other data out of the host, for example in `axum::Extension`",
                quote_type(&field.ty)
            );
            sink.push(&field.ty, Mistake::new("KR0505", what).help(help));
            continue;
        };
        let text = state.to_token_stream().to_string();
        if states
            .iter()
            .any(|known| known.state.to_token_stream().to_string() == text)
        {
            let what = format!(
                "the host holds `{text}` twice, so a handler could not say which it borrows"
            );
            let help = "give the second state a type of its own";
            sink.push(&field.ty, Mistake::new("KR0506", what).help(help));
            continue;
        }
        states.push(State { member, state, key });
    }
    states
}

/// The `S` of a field of type `Shared<S>`, and the `K` if it is a `SharedMap<K, S>`.
fn shared(field: &Field) -> Option<(&Type, Option<&Type>)> {
    let name = last_segment(&field.ty)?;
    match inner_types(&field.ty).as_slice() {
        [state] if name == "Shared" => Some((state, None)),
        [key, state] if name == "SharedMap" => Some((state, Some(key))),
        _ => None,
    }
}
