//! How a handler's arguments are taken out of the request.
//!
//! What the compiler may find fault with is spelled with the type as it stands in the signature, so that it is pointed at
//! there.

use crate::check::handler::Model;
use crate::parse::arguments::Argument;
use crate::syntax::types::{body, query};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};

/// One call that takes something out of the request.
pub(super) struct Step {
    /// What it takes: an argument by its place among the handler's, or several in a tuple.
    takes: Taken,
    /// The function if there is no other step, of the whole request.
    alone: TokenStream,
    /// The call if there are others.
    among: TokenStream,
}

enum Taken {
    One(usize),
    Several(Vec<usize>),
}

/// What takes the arguments out of the request: captures first, then extractors in their order, of which the last may read
/// the body.
pub(super) fn steps(model: &Model) -> Vec<Step> {
    let here = Span::mixed_site();
    let parts = quote_spanned!(here=> &mut kr_parts);
    let rest =
        quote_spanned!(here=> ::kr_runtime::__private::Request::from_parts(kr_parts, kr_body));
    let mut steps: Vec<_> = captures(model).into_iter().collect();
    let extractors = model.arguments.iter().enumerate();
    let extractors: Vec<_> = extractors
        .filter_map(|(index, argument)| match argument {
            Argument::Extractor { ty } => Some((index, ty)),
            _ => None,
        })
        .collect();
    let last = extractors.last().map(|(index, _)| *index);
    steps.extend(extractors.into_iter().map(|(index, ty)| {
        let (alone, among) = if let Some(inner) = query(ty) {
            let generics = quote!(#ty, #inner);
            (
                function(ty, "only_part_of", &generics),
                awaited(ty, "part_of", &generics, &parts),
            )
        } else if Some(index) != last {
            let among = awaited(ty, "part", &quote!(#ty), &parts);
            (among.clone(), among)
        } else {
            let (alone, among, generics) = match body(ty) {
                Some(inner) => ("only_whole_of", "whole_of", quote!(#ty, #inner)),
                None => ("only_whole", "whole", quote!(#ty, _)),
            };
            (
                function(ty, alone, &generics),
                awaited(ty, among, &generics, &rest),
            )
        };
        Step {
            takes: Taken::One(index),
            alone,
            among,
        }
    }));
    steps
}

/// All captures that have an argument, in the order of the path.
fn captures(model: &Model) -> Option<Step> {
    let here = Span::mixed_site();
    let used: Vec<_> = model
        .captures
        .iter()
        .filter_map(|capture| {
            let mut arguments = model.arguments.iter().enumerate();
            arguments.find_map(|(index, argument)| match argument {
                Argument::Capture { name, ty } if name == capture => Some((index, name, ty)),
                _ => None,
            })
        })
        .collect();
    let names = used.iter().map(|(_, name, _)| name);
    let names = quote!(&[#(#names),*]);
    let request = quote_spanned!(here=> kr_request, #names);
    let parts = quote_spanned!(here=> &mut kr_parts, #names);
    Some(match used.as_slice() {
        [] => return None,
        // A tuple of one is read like its only member by axum, which also words its errors for one.
        [(index, _, ty)] => Step {
            takes: Taken::One(*index),
            alone: with_request(&call(ty, "only_capture", &quote!(#ty), &request)),
            among: awaited(ty, "capture", &quote!(#ty), &parts),
        },
        _ => {
            // Any of them may be to blame, so the path is pointed at.
            let path = &model.route.path;
            let at = path.span();
            let types = used.iter().map(|(.., ty)| ty);
            let tuple = quote_spanned!(at=> (#(#types,)*));
            Step {
                takes: Taken::Several(used.iter().map(|(index, ..)| *index).collect()),
                alone: with_request(&call(path, "only_captures", &tuple, &request)),
                among: awaited(path, "captures", &tuple, &parts),
            }
        }
    })
}

/// The function that takes all arguments out of the request. One step has its own; a future in generated code is the
/// dearest thing for the compiler.
pub(super) fn extract(steps: &[Step], names: &[Ident]) -> TokenStream {
    let here = Span::mixed_site();
    match steps {
        [] => quote_spanned!(here=> ::kr_runtime::__private::nothing),
        [step] => step.alone.clone(),
        steps => {
            let lines = steps.iter().map(|Step { takes, among, .. }| {
                let pattern = takes.pattern(&|index| names[index].to_token_stream());
                quote_spanned!(here=> let #pattern = #among?;)
            });
            let extracted = pattern(steps, |index| names[index].to_token_stream());
            with_request(&quote_spanned! {here=>
                ::kr_runtime::__private::boxed(async move {
                    #[allow(unused_mut, unused_variables)]
                    let (mut kr_parts, kr_body) = kr_request.into_parts();
                    #(#lines)*
                    ::kr_runtime::__private::Ok::<_, ::kr_runtime::__private::Response>(#extracted)
                })
            })
        }
    }
}

fn with_request(future: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> |kr_request| #future)
}

/// The pattern of what all steps have taken, in which each argument is as `name` says.
pub(super) fn pattern(steps: &[Step], name: impl Fn(usize) -> TokenStream) -> TokenStream {
    match steps {
        [step] => step.takes.pattern(&name),
        steps => {
            let each = steps.iter().map(|step| step.takes.pattern(&name));
            quote!((#(#each,)*))
        }
    }
}

impl Taken {
    fn pattern(&self, name: &dyn Fn(usize) -> TokenStream) -> TokenStream {
        match self {
            Self::One(index) => name(*index),
            Self::Several(indices) => {
                let names = indices.iter().map(|index| name(*index));
                quote!((#(#names,)*))
            }
        }
    }
}

/// An extracting function.
///
/// The compiler checks its bounds at several of its parts. It tells the same thing only once at one place, so all of them
/// start where `at` starts and end where `at` ends.
fn function(at: &impl ToTokens, name: &str, generics: &TokenStream) -> TokenStream {
    let (start, end) = ends(at);
    let name = Ident::new(name, end);
    let root = quote_spanned!(start=> ::);
    quote_spanned!(end=> #root kr_runtime::__private::#name::<#generics>)
}

/// The call of an extracting function, and the wait for what it takes.
fn awaited(
    at: &impl ToTokens,
    name: &str,
    generics: &TokenStream,
    arguments: &TokenStream,
) -> TokenStream {
    let call = call(at, name, generics, arguments);
    let (_, end) = ends(at);
    quote_spanned!(end=> #call.await)
}

/// The call of an extracting function.
fn call(
    at: &impl ToTokens,
    name: &str,
    generics: &TokenStream,
    arguments: &TokenStream,
) -> TokenStream {
    let function = function(at, name, generics);
    let (_, end) = ends(at);
    quote_spanned!(end=> #function(#arguments))
}

/// Where something starts and where it ends.
pub(super) fn ends(tokens: &impl ToTokens) -> (Span, Span) {
    let mut tokens = tokens.to_token_stream().into_iter();
    let first = tokens.next();
    let last = tokens.last().or_else(|| first.clone());
    let start = match first {
        Some(TokenTree::Group(group)) => group.span_open(),
        Some(token) => token.span(),
        None => Span::call_site(),
    };
    let end = match last {
        Some(TokenTree::Group(group)) => group.span_close(),
        Some(token) => token.span(),
        None => start,
    };
    (start, end)
}
