//! `#[derive(LockKey)]`: a type around another one is a key where that one is.

use crate::syntax::diagnostic::{Mistake, Sink};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Field, Member};

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut sink = Sink::default();
    let root = crate::syntax::runtime_path::on_type(&input, "lock_key", &mut sink);
    let ident = &input.ident;
    let field = only_field(&input.data);
    if field.is_none() {
        let what =
            format!("`LockKey` can be derived for a type around one field, and `{ident}` is none");
        let help = format!(
            "write `impl LockKey for {ident}` with a `write_to` that tells any two of them apart"
        );
        sink.push(ident, Mistake::new("KR0507", what).help(help));
    }
    if !input.generics.params.is_empty() {
        let what = format!("`LockKey` cannot be derived for `{ident}`, which is generic");
        let help =
            format!("write a type of its own for each key, or `impl LockKey for {ident}` by hand");
        sink.push(&input.generics, Mistake::new("KR0507", what).help(help));
    }
    // What the parameter of a generic one lacks is not worth another message.
    let field = field.filter(|_| input.generics.params.is_empty());
    let written = field.map(|(member, field)| {
        let ty = &field.ty;
        quote_spanned!(ty.span()=> <#ty as ::kr_runtime::LockKey>::write_to(&self.#member, kr_text);)
    });
    let (for_impl, of_type, clause) = input.generics.split_for_impl();
    let clause = match clause {
        // After a mistake, what the type lacks is not worth another message.
        None if !input.generics.params.is_empty() => quote! {
            where Self: ::core::clone::Clone + ::core::cmp::Eq + ::core::hash::Hash + ::core::marker::Send
                + ::core::marker::Sync + 'static
        },
        clause => quote!(#clause),
    };
    let generated = root.within(quote! {
        impl #for_impl ::kr_runtime::LockKey for #ident #of_type #clause {
            fn write_to(&self, kr_text: &mut ::kr_runtime::KeyText<'_>) {
                let _ = &kr_text;
                #written
            }
        }
    });
    let errors = sink.into_tokens();
    quote!(#generated #errors)
}

fn only_field(data: &Data) -> Option<(Member, &Field)> {
    let Data::Struct(data) = data else {
        return None;
    };
    let mut fields = data.fields.members().zip(&data.fields);
    let first = fields.next();
    first.filter(|_| fields.next().is_none())
}
