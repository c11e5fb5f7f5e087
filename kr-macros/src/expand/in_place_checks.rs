//! A constant that checks, by the type of its output, whether a handler that changes states in place can roll back.

use crate::check::model::Model;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::ReturnType;
use syn::spanned::Spanned;

/// By the type, so that a `Result` is found under any alias.
pub(crate) fn check(model: &Model) -> Option<TokenStream> {
    model.locked.as_ref()?.in_place.as_ref()?;
    let ReturnType::Type(_, output) = &model.output else {
        return None;
    };
    let handler = model.handler();
    Some(quote_spanned! {output.span()=>
        {
            #[allow(unused_imports)]
            use ::kr_runtime::__private::NeverRollsBack as _;
            ::kr_runtime::__private::assert_no_roll_back(
                #handler,
                ::kr_runtime::__private::RollBackProbe::<#output>::MAY_ROLL_BACK,
            )
        }
    })
}
