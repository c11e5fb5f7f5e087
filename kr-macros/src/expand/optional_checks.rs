//! Constants that check states that are borrowed as `Option<&S>` or `&mut Option<S>`.

use crate::check::model::Model;
use crate::expand::probes::declaration;
use crate::parse::handler_argument::Argument;
use crate::syntax::spans::{spanned_function, start_and_end};
use crate::syntax::types::quote_type;
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::Type;
use syn::spanned::Spanned;

pub(crate) fn checks(model: &Model) -> Vec<TokenStream> {
    let keyed = model
        .optional_states()
        .map(|(state, exclusive)| has_instances(state, exclusive));
    keyed.chain(only_changes(model)).collect()
}

/// Only the instances of a keyed state may be absent.
fn has_instances(state: &Type, exclusive: bool) -> TokenStream {
    let name = quote_type(state);
    let (written, instead) = match exclusive {
        true => (format!("&mut Option<{name}>"), format!("&mut {name}")),
        false => (format!("Option<&{name}>"), format!("&{name}")),
    };
    let declaration = declaration(state);
    let assert_may_be_absent = spanned_function(state, "assert_may_be_absent");
    let (_, end) = start_and_end(state);
    quote_spanned!(end=> #assert_may_be_absent(&#declaration, #written, #instead))
}

/// What may be removed has no other state that is changed in the same call.
fn only_changes(model: &Model) -> Vec<TokenStream> {
    let handler = model.handler();
    let mut checks = Vec::new();
    for (index, argument) in model.arguments.iter().enumerate() {
        let Argument::State {
            state,
            exclusive: true,
            optional: true,
            name,
        } = argument
        else {
            continue;
        };
        for (other_index, other) in model.arguments.iter().enumerate() {
            // Of two that may both be removed, the later one is reported.
            let Argument::State {
                state: other,
                exclusive: true,
                optional,
                name: other_name,
            } = other
            else {
                continue;
            };
            if model.are_two_instances(name.as_deref(), other_name.as_deref()) {
                continue;
            }
            if other_index == index || (*optional && other_index > index) {
                continue;
            }
            let (state, span) = (declaration(state), state.span());
            let other = declaration(other);
            checks.push(quote_spanned! {span=>
                ::kr_runtime::__private::assert_only_change(#handler, &#state, &#other)
            });
        }
    }
    checks
}
