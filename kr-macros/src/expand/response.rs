//! The expression that turns a handler's output into the response.
//!
//! What the compiler may report is spelled with the type as the signature has it, so that the error is shown there.

use crate::syntax::types::{bare, inner_types, last_segment, mentions, response_payload};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ReturnType, Type};

pub(crate) fn response(output: &ReturnType) -> TokenStream {
    let hygiene = Span::mixed_site();
    let ReturnType::Type(_, ty) = output else {
        return quote_spanned!(hygiene=> ::kr_runtime::__private::IntoHandlerResponse::respond(kr_output));
    };
    if let [ok, err] = inner_types(ty).as_slice()
        && last_segment(ty).is_some_and(|last| last == "Result")
    {
        let ok = response_of(ok, &quote!(IntoHandlerResponse));
        let err = response_of(err, &quote!(IntoErrorResponse));
        return quote_spanned! {hygiene=>
            match kr_output {
                ::kr_runtime::__private::Ok(kr_output) => #ok,
                ::kr_runtime::__private::Err(kr_output) => #err,
            }
        };
    }
    response_of(ty, &quote!(IntoHandlerResponse))
}

/// The call of the trait's method for output of that type.
fn response_of(ty: &Type, trait_name: &TokenStream) -> TokenStream {
    let ty = bare(ty);
    let method = if mentions(ty, "impl") {
        quote_spanned!(ty.span()=> ::kr_runtime::__private::#trait_name::respond)
    } else if let Some(payload) = response_payload(ty) {
        quote!(<#ty as ::kr_runtime::__private::IntoJsonResponse<#payload>>::respond)
    } else {
        quote!(<#ty as ::kr_runtime::__private::#trait_name>::respond)
    };
    quote_spanned!(Span::mixed_site()=> #method(kr_output))
}
