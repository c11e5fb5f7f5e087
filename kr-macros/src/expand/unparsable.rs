//! Items that cannot be read as Rust. The compiler read them before the macro and has said so, and once is enough.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;
use syn::Error;

/// Refuses an item after all, should the compiler have found nothing wrong with it: syntax that is newer than kr.
///
/// What a lint says about types comes last, and not at all once there was another error.
pub(crate) fn last_word(error: &Error) -> TokenStream {
    let message = format!("kr cannot read this: {error}");
    quote! {
        const _: () = {
            #[must_use = #message]
            const fn item() -> ::core::primitive::bool {
                true
            }
            #[deny(unused_must_use)]
            const fn is_read() {
                item();
            }
            is_read()
        };
    }
}

/// The name behind one of the keywords, if it is that of an item without parameters.
pub(crate) fn name_after(item: &TokenStream, keywords: &[&str]) -> Option<Ident> {
    let mut tokens = item.clone().into_iter();
    let is_keyword = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if keywords.iter().any(|keyword| word == keyword));
    tokens.find(is_keyword)?;
    let Some(TokenTree::Ident(name)) = tokens.next() else {
        return None;
    };
    let generic = matches!(tokens.next(), Some(TokenTree::Punct(mark)) if mark.as_char() == '<');
    // A keyword is no name.
    (!generic && syn::parse2::<Ident>(quote!(#name)).is_ok()).then_some(name)
}
