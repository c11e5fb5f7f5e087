//! The function that finds the locks and states of a call. For keys with placeholders it needs the values of arguments.

use crate::check::key_arguments::KeyPart;
use crate::check::model::Model;
use crate::expand::extraction::{Step, pattern};
use crate::parse::handler_argument::Argument;
use crate::syntax::spans::start_and_end;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Member, Type};

/// `names` are the local names of the handler's arguments.
pub(crate) fn key_resolver(model: &Model, names: &[Ident], steps: &[Step]) -> TokenStream {
    let hygiene = Span::mixed_site();
    if model.key_arguments.is_empty() {
        return quote_spanned!(hygiene=> ::kr_runtime::__private::resolve_fixed);
    }
    let is_used = |index: usize| {
        let mut used = model.key_arguments.iter().flatten();
        used.any(|part| part.argument == index)
    };
    let extracted = pattern(steps, |index| match is_used(index) {
        true => names[index].to_token_stream(),
        false => quote!(_),
    });
    let keys = model
        .key_arguments
        .iter()
        .map(|parts| key(model, names, parts));
    quote_spanned! {hygiene=>
        |#extracted, kr_bound_handler| ::kr_runtime::__private::resolve_keyed(kr_bound_handler, |kr_keys| {
            #(#keys)*
        })
    }
}

/// The statement that fills one key. If a type cannot be part of a key, the compiler underlines that type; of several, all
/// that lies between the first and the last.
fn key(model: &Model, names: &[Ident], parts: &[KeyPart]) -> TokenStream {
    let hygiene = Span::mixed_site();
    if let [part] = parts {
        let name = &names[part.argument];
        let Some(ty) = capture_type(model, part.argument) else {
            let span = part_span(model, part);
            let value = value(model, part, &name.to_token_stream());
            return quote_spanned!(span=> {
                let kr_part = #value;
                ::kr_runtime::__private::add_key(kr_keys, kr_part);
            });
        };
        let given = quote_spanned!(hygiene=> kr_keys, #name);
        let (start, end) = start_and_end(ty);
        let root = quote_spanned!(start=> ::);
        return quote_spanned!(end=> #root kr_runtime::__private::add_key::<#ty>(#given););
    }
    // Checked: several parts are captures.
    let captures = parts.iter().filter_map(|part| {
        let ty = capture_type(model, part.argument)?;
        Some((part.argument, ty))
    });
    let captures: Vec<_> = captures.collect();
    let types: Vec<_> = captures.iter().map(|(_, ty)| ty).collect();
    let values = captures.iter().map(|(index, ty)| {
        let name = &names[*index];
        quote_spanned!(hygiene=> ::kr_runtime::__private::cloned::<#ty>(#name))
    });
    let given = quote_spanned!(hygiene=> kr_keys, &(#(#values,)*));
    let span_of = |(_, ty): &(usize, &Type)| start_and_end(ty);
    let first = captures.iter().min_by_key(|(index, _)| *index).map(span_of);
    let last = captures.iter().max_by_key(|(index, _)| *index).map(span_of);
    let (start, end) = first
        .zip(last)
        .map_or((hygiene, hygiene), |((start, _), (_, end))| (start, end));
    let root = quote_spanned!(start=> ::);
    quote_spanned!(end=> #root kr_runtime::__private::add_key::<(#(#types,)*)>(#given);)
}

fn capture_type(model: &Model, index: usize) -> Option<&Type> {
    match &model.arguments[index] {
        Argument::Capture { ty, .. } => Some(ty),
        _ => None,
    }
}

/// The span to blame if a part of an argument is no key: that of the keys.
fn part_span(model: &Model, part: &KeyPart) -> Span {
    let argument = match &model.arguments[part.argument] {
        Argument::Extractor {
            binding: Some(binding),
            ..
        } => Some(&binding.name),
        _ => None,
    };
    let wanted = part.fields.last().or(argument);
    let keys = model.locked.iter().flat_map(|locked| &locked.keys);
    let mut keys = keys.filter(|key| {
        let mut names = key.placeholders().into_iter();
        names.any(|name| name.split('.').next_back() == wanted.map(String::as_str))
    });
    let span = keys.next().map(syn::spanned::Spanned::span);
    span.unwrap_or_else(Span::mixed_site)
        .resolved_at(Span::mixed_site())
}

/// A reference to a part of an argument; `argument` is a reference to the argument.
pub(crate) fn value(model: &Model, part: &KeyPart, argument: &TokenStream) -> TokenStream {
    let hygiene = Span::mixed_site();
    let span = part_span(model, part);
    let fields = part.fields.iter().map(|field| {
        let mut member: Member = match field.parse::<u32>() {
            Ok(index) => Member::from(index as usize),
            Err(_) => syn::parse_str(field).unwrap_or_else(|_| Member::from(0)),
        };
        match &mut member {
            Member::Named(name) => name.set_span(span),
            Member::Unnamed(index) => index.span = span,
        }
        quote_spanned!(span=> .#member)
    });
    let wrappers = match &model.arguments[part.argument] {
        Argument::Extractor {
            binding: Some(binding),
            ..
        } => binding.wrappers.as_slice(),
        _ => &[],
    };
    let bound = quote_spanned!(hygiene=> kr_part);
    let pattern = wrappers.iter().rev().fold(
        bound,
        |pattern, path| quote_spanned!(hygiene=> #path(#pattern)),
    );
    let borrow = (!part.fields.is_empty()).then(|| quote_spanned!(hygiene=> &));
    quote_spanned!(hygiene=> match #argument { #pattern => #borrow kr_part #(#fields)* })
}
