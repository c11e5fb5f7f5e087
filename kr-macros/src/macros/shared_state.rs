//! `#[derive(SharedState)]`.

use crate::check;
use crate::expand::shared_state::{expand, unparsable};
use crate::parse;
use crate::syntax::errors::Errors;
use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input.clone()) {
        Ok(input) => input,
        Err(error) => return unparsable(&input, &error),
    };
    let mut errors = Errors::default();
    let attribute = parse::shared_state::parse(&input, &mut errors);
    check::shared_state::check(&input, &attribute, &mut errors);
    let generated = expand(&input, &attribute);
    let errors = errors.into_tokens();
    quote!(#generated #errors)
}
