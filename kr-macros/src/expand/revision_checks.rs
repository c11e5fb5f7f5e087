//! Constants that check whether the states of a handler have one revision: whether they have one lock.

use crate::check::model::Model;
use crate::expand::probes::declaration;
use crate::parse::handler_argument::Argument;
use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;

pub(crate) fn checks(model: &Model) -> Vec<TokenStream> {
    let arguments = model.arguments.iter();
    let arguments = arguments.filter_map(|argument| match argument {
        Argument::Revision { ty } => Some((ty.to_token_stream(), "KR0222")),
        _ => None,
    });
    let option = model.route.options.etag.as_ref();
    let option = option.map(|word| (word.to_token_stream(), "KR0029"));
    let handler = model.handler();
    let checks = arguments.chain(option).map(|(at, code)| {
        let states = model.states().map(|(state, _)| {
            let declaration = declaration(state);
            quote_spanned! {at.span()=>
                (&#declaration, ::kr_runtime::__private::HostProbe::<#state>::IS_HOST)
            }
        });
        quote_spanned! {at.span()=>
            ::kr_runtime::__private::assert_one_revision(#handler, #code, &[#(#states),*])
        }
    });
    checks.collect()
}
