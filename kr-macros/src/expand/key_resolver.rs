//! The function that finds the locks and states of a call. For keys with placeholders it needs the values of arguments.

use crate::check::model::Model;
use crate::expand::extraction::{Step, pattern};
use crate::parse::handler_argument::Argument;
use crate::syntax::spans::start_and_end;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

/// `names` are the local names of the handler's arguments.
pub(crate) fn key_resolver(model: &Model, names: &[Ident], steps: &[Step]) -> TokenStream {
    let hygiene = Span::mixed_site();
    if model.key_arguments.is_empty() {
        return quote_spanned!(hygiene=> ::kr_runtime::__private::resolve_fixed);
    }
    let is_used = |index: usize| {
        let mut used = model.key_arguments.iter().flatten();
        used.any(|used| *used == index)
    };
    let extracted = pattern(steps, |index| match is_used(index) {
        true => names[index].to_token_stream(),
        false => quote!(_),
    });
    let keys = model
        .key_arguments
        .iter()
        .map(|indexes| key(model, names, indexes));
    quote_spanned! {hygiene=>
        |#extracted, kr_bound_handler| ::kr_runtime::__private::resolve_keyed(kr_bound_handler, |kr_keys| {
            #(#keys)*
        })
    }
}

/// The statement that fills one key. If a type cannot be part of a key, the compiler underlines that type; of several, all
/// that lies between the first and the last.
fn key(model: &Model, names: &[Ident], indexes: &[usize]) -> TokenStream {
    let hygiene = Span::mixed_site();
    if let [index] = indexes {
        let (ty, name) = (type_of(model, *index), &names[*index]);
        let given = quote_spanned!(hygiene=> kr_keys, #name);
        let (start, end) = start_and_end(ty);
        let root = quote_spanned!(start=> ::);
        return quote_spanned!(end=> #root kr_runtime::__private::add_key::<#ty>(#given););
    }
    let types: Vec<_> = indexes.iter().map(|index| type_of(model, *index)).collect();
    let values = indexes.iter().map(|index| {
        let (ty, name) = (type_of(model, *index), &names[*index]);
        quote_spanned!(hygiene=> ::kr_runtime::__private::cloned::<#ty>(#name))
    });
    let given = quote_spanned!(hygiene=> kr_keys, &(#(#values,)*));
    let span_of = |index: &usize| start_and_end(type_of(model, *index));
    let first = indexes.iter().min().map(span_of);
    let last = indexes.iter().max().map(span_of);
    let (start, end) = first
        .zip(last)
        .map_or((hygiene, hygiene), |((start, _), (_, end))| (start, end));
    let root = quote_spanned!(start=> ::);
    quote_spanned!(end=> #root kr_runtime::__private::add_key::<(#(#types,)*)>(#given);)
}

fn type_of(model: &Model, index: usize) -> &Type {
    match &model.arguments[index] {
        Argument::Capture { ty, .. } => ty,
        _ => unreachable!("only captures are parts of keys"),
    }
}
