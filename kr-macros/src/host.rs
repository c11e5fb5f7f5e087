//! `#[derive(Host)]`: the states that a struct holds.

use crate::root;
use crate::sink::{Mistake, Sink};
use crate::types::{inner_types, last_segment, quote_type};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, Member, Type};

/// A field and the state behind it.
struct State<'a> {
    member: Member,
    state: &'a Type,
    /// By what its instances are kept, if there is more than one.
    key: Option<&'a Type>,
}

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
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
    let parts = states
        .iter()
        .map(|State { member, .. }| quote!(self.#member.part()));
    let (for_impl, of_type, clause) = input.generics.split_for_impl();
    let provides = states.iter().map(|State { member, state, key }| match key {
        None => quote! {
            impl #for_impl ::kr_runtime::Provides<#state> for #ident #of_type #clause {
                fn shared(&self) -> &::kr_runtime::Shared<#state> {
                    &self.#member
                }
            }
        },
        Some(key) => quote! {
            impl #for_impl ::kr_runtime::ProvidesKeyed<#state, #key> for #ident #of_type #clause {
                fn map(&self) -> &::kr_runtime::SharedMap<#key, #state> {
                    &self.#member
                }
            }
        },
    });
    // Each field's type is named at its own place, so that what is no state is pointed at there.
    let host = ident.to_string();
    let name =
        |state: &Type| quote_spanned!(state.span()=> <#state as ::kr_runtime::SharedState>::NAME);
    let names = states.iter().enumerate().map(|(index, this)| {
        let before = states[..index].iter().map(|other| name(other.state));
        let name = name(this.state);
        let (state, key) = (this.state, this.key);
        let as_it_is = match key {
            None => quote_spanned!(state.span()=> ::kr_runtime::__private::held_alone::<#state>()),
            Some(key) => {
                quote_spanned!(state.span()=> ::kr_runtime::__private::held_by_key::<#key, #state>())
            }
        };
        quote_spanned! {this.state.span()=>
            const _: () = ::kr_runtime::__private::named_once(#host, #name, &[#(#before),*]);
            const _: () = #as_it_is;
        }
    });
    let counting: Vec<_> = states
        .iter()
        .filter(|state| state.key.is_none() && sink.is_empty())
        .map(|state| state.state)
        .collect();
    // After a mistake the comparison may not be possible, and one message is enough.
    let names: Vec<_> = names.filter(|_| sink.is_empty()).collect();
    let generated = root.within(quote! {
        impl #for_impl ::kr_runtime::Host for #ident #of_type #clause {
            const COUNTERS: ::kr_runtime::__private::Counters = &[
                #((<#counting as ::kr_runtime::SharedState>::NAME, <#counting as ::kr_runtime::SharedState>::TRAITS.counters)),*
            ];

            fn parts(&self) -> ::kr_runtime::__private::Vec<::kr_runtime::__private::Field<'_>> {
                ::kr_runtime::__private::vec([#(#parts),*])
            }
        }
        #(#provides)*
        #(#names)*
    });
    let errors = sink.into_tokens();
    quote!(#generated #errors)
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
