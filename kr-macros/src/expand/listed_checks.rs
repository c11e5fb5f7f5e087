//! Constants that check the states whose instances a handler lists, and the templates that name them.

use crate::check::model::Model;
use crate::expand::probes::declaration;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

pub(crate) fn checks(model: &Model) -> Vec<TokenStream> {
    let handler = model.handler();
    let locked = model.locked.as_ref();
    let templates = locked.map_or(&[][..], |locked| &locked.listed);
    let named = model.listed_states().map(|(_, state)| {
        let declaration = declaration(state);
        quote_spanned! {state.span()=>
            ::kr_runtime::__private::assert_listed(#handler, &#declaration, &[#(#templates),*])
        }
    });
    // With one of each, the state's check compares them.
    let is_single_pair = templates.len() == 1 && model.listed_states().count() == 1;
    let used = templates.iter().filter(|_| !is_single_pair);
    let used = used.map(|template| {
        let states = model.listed_states().map(|(_, state)| declaration(state));
        quote_spanned! {template.span()=>
            ::kr_runtime::__private::assert_lists(#handler, #template, &[#(&#states),*])
        }
    });
    named.chain(used).collect()
}
