//! `#[derive(LockKey)]`.

use crate::check;
use crate::expand::lock_key::expand;
use crate::parse::crate_argument;
use crate::syntax::errors::Errors;
use proc_macro2::TokenStream;
use quote::quote;
use syn::DeriveInput;

pub(crate) fn derive(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let mut errors = Errors::default();
    let runtime_path = crate_argument::only_argument(&input, "lock_key", &mut errors);
    let field = check::lock_key::check(&input, &mut errors);
    let generated = expand(&input, field, &runtime_path);
    let errors = errors.into_tokens();
    quote!(#generated #errors)
}
