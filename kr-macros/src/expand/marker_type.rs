//! The type with the handler's name. It has no value: it names the function where the router needs a type.

use crate::syntax::function::Function;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

/// The paths of the attributes that this expansion removed from the item. Without a use of them the compiler would call
/// their imports unused.
pub(crate) type ConsumedAttributes = Vec<Path>;

pub(crate) fn marker_type(function: &Function) -> TokenStream {
    let name = &function.signature.ident;
    let visibility = &function.visibility;
    let cfgs = function.cfgs();
    quote! {
        #cfgs
        #[doc(hidden)]
        #[allow(non_camel_case_types, clippy::empty_enums)]
        #visibility enum #name {}
    }
}

/// Uses the consumed attributes.
pub(crate) fn imports(function: &Function, consumed: &ConsumedAttributes) -> TokenStream {
    if consumed.is_empty() {
        return TokenStream::new();
    }
    let cfgs = function.cfgs();
    // At the attribute, where the compiler then reports that it is not imported.
    let imports = consumed
        .iter()
        .map(|path| quote_spanned!(path.span()=> #[allow(unused_imports)] use #path as _;));
    quote! {
        #cfgs
        const _: () = {
            #(#imports)*
        };
    }
}
