//! `#[derive(Host)]`.

use crate::check;
use crate::expand::host::{expand, placeholder, unparsable};
use crate::parse::crate_argument;
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
    let runtime_path = crate_argument::only_argument(&input, "host", &mut errors);
    let fields = check::host::check(&input, &mut errors);
    if errors.is_empty() {
        return expand(&input, &fields, &runtime_path);
    }
    let placeholder = runtime_path.apply(placeholder(&input.ident, input.generics.clone()));
    let errors = errors.into_tokens();
    quote!(#placeholder #errors)
}
