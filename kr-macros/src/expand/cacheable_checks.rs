//! Constants that check, by the types of a handler's states, whether the states change by commits alone.

use crate::check::model::Model;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

pub(crate) fn checks(model: &Model) -> Vec<TokenStream> {
    let states = model
        .states()
        .filter(|_| model.route.options.cached.is_some());
    let checks = states.map(|(state, _)| {
        quote_spanned! {state.span()=>
            ::kr_runtime::__private::assert_cacheable::<#state>()
        }
    });
    checks.collect()
}
