//! Items that `syn` cannot parse.
//!
//! The compiler parsed them before the macro and has usually reported what is wrong with them. Once is enough.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Error;

/// An error for the case that the compiler found nothing wrong: syntax that is newer than kr.
///
/// It is a lint that depends on types. The compiler checks those last, and not at all if there was another error.
pub(crate) fn unparsable_error(error: &Error) -> TokenStream {
    let message = format!("kr cannot parse this: {error}");
    quote! {
        const _: () = {
            #[must_use = #message]
            const fn item() -> ::core::primitive::bool {
                true
            }
            #[deny(unused_must_use)]
            const fn is_parsed() {
                item();
            }
            is_parsed()
        };
    }
}
