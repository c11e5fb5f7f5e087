//! How a handler's arguments are extracted from the request.
//!
//! What the compiler may report is spelled with the type as the signature has it, so that the error is shown there.

use crate::check::model::Model;
use crate::parse::handler_argument::Argument;
use crate::syntax::spans::{spanned_function, start_and_end};
use crate::syntax::types::{body_payload, extension, parts_payload, wrapped};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

/// One call of an extracting function.
pub(crate) struct Step {
    target: Target,
    /// The function that takes the whole request, for a handler with this step alone.
    single: TokenStream,
    /// The call with a part of the request, for a handler with several steps.
    one_of_many: TokenStream,
}

/// What a step extracts, by the indexes of the handler's arguments.
enum Target {
    Argument(usize),
    Tuple(Vec<usize>),
}

/// The steps of a handler: all captures, then the extractors in order. The last of them may read the body.
pub(crate) fn steps(model: &Model) -> Vec<Step> {
    let mut steps: Vec<_> = captures(model).into_iter().collect();
    let extractors = model.arguments.iter().enumerate();
    let extractors: Vec<_> = extractors
        .filter_map(|(index, argument)| match argument {
            Argument::Extractor { ty, .. } => Some((index, ty)),
            _ => None,
        })
        .collect();
    let last = extractors.last().map(|(index, _)| *index);
    let extractors = extractors.into_iter();
    steps.extend(extractors.map(|(index, ty)| extractor(index, ty, Some(index) == last)));
    steps
}

fn extractor(index: usize, ty: &syn::Type, is_last: bool) -> Step {
    let hygiene = Span::mixed_site();
    let parts = quote_spanned!(hygiene=> &mut kr_parts);
    let request = quote_spanned! {hygiene=>
        ::kr_runtime::__private::Request::from_parts(kr_parts, kr_body)
    };
    let (single, one_of_many) = if let Some(inner) = wrapped(ty).filter(|_| is_last) {
        let generics = quote!(#ty, #inner, _);
        // Of a future without a name, the compiler would report what is no extractor at the call and again at its `.await`.
        (
            function(ty, "single_wrapped_from_body", &generics),
            awaited(ty, "single_wrapped_from_body", &generics, &request),
        )
    } else if let Some(inner) = wrapped(ty) {
        let call = awaited(ty, "wrapped_from_parts", &quote!(#ty, #inner), &parts);
        (call.clone(), call)
    } else if let Some(inner) = extension(ty) {
        let generics = quote!(#ty, #inner);
        (
            function(ty, "single_extension", &generics),
            awaited(ty, "extension", &generics, &parts),
        )
    } else if let Some(payload) = parts_payload(ty) {
        let generics = quote!(#ty, #payload);
        (
            function(ty, "single_from_parts_of", &generics),
            awaited(ty, "from_parts_of", &generics, &parts),
        )
    } else if !is_last {
        // What is no extractor is reported by `extractor_checks`.
        let call = quote_spanned!(hygiene=> {
            #[allow(unused_imports)]
            use ::kr_runtime::__private::NotExtracted as _;
            ::kr_runtime::__private::ExtractorProbe::<#ty>::from_parts(#parts)
        }.await);
        (call.clone(), call)
    } else {
        let (single, one_of_many, generics) = match body_payload(ty) {
            Some(payload) => ("single_from_body_of", "from_body_of", quote!(#ty, #payload)),
            None => ("single_from_body", "from_body", quote!(#ty, _)),
        };
        (
            function(ty, single, &generics),
            awaited(ty, one_of_many, &generics, &request),
        )
    };
    Step {
        target: Target::Argument(index),
        single,
        one_of_many,
    }
}

/// The step that extracts all captures with an argument, in the order of the path.
fn captures(model: &Model) -> Option<Step> {
    let hygiene = Span::mixed_site();
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
    let request = quote_spanned!(hygiene=> kr_request, #names);
    let parts = quote_spanned!(hygiene=> &mut kr_parts, #names);
    Some(match used.as_slice() {
        [] => return None,
        // axum reads a tuple of one like its only member, and words its errors for one value.
        [(index, _, ty)] => Step {
            target: Target::Argument(*index),
            single: with_request(&call(ty, "single_capture", &quote!(#ty), &request)),
            one_of_many: awaited(ty, "capture", &quote!(#ty), &parts),
        },
        _ => {
            // Any of the types may be to blame, so the compiler underlines the path.
            let path = &model.route.path;
            let types = used.iter().map(|(.., ty)| ty);
            let tuple = quote_spanned!(path.span()=> (#(#types,)*));
            Step {
                target: Target::Tuple(used.iter().map(|(index, ..)| *index).collect()),
                single: with_request(&call(path, "single_captures", &tuple, &request)),
                one_of_many: awaited(path, "captures", &tuple, &parts),
            }
        }
    })
}

/// The function that extracts all arguments. `names` are their local names.
pub(crate) fn extraction(steps: &[Step], names: &[Ident]) -> TokenStream {
    let hygiene = Span::mixed_site();
    match steps {
        [] => quote_spanned!(hygiene=> ::kr_runtime::__private::nothing),
        // Most handlers have one step, which needs no future in generated code: that is what compiles slowest.
        [step] => step.single.clone(),
        steps => {
            let statements = steps.iter().map(|step| {
                let pattern = step.target.pattern(&|index| names[index].to_token_stream());
                let call = &step.one_of_many;
                quote_spanned!(hygiene=> let #pattern = #call?;)
            });
            let extracted = pattern(steps, |index| names[index].to_token_stream());
            with_request(&quote_spanned! {hygiene=>
                ::kr_runtime::__private::boxed(async move {
                    #[allow(unused_mut, unused_variables)]
                    let (mut kr_parts, kr_body) = kr_request.into_parts();
                    #(#statements)*
                    ::kr_runtime::__private::Ok::<_, ::kr_runtime::__private::Response>(#extracted)
                })
            })
        }
    }
}

fn with_request(future: &TokenStream) -> TokenStream {
    quote_spanned!(Span::mixed_site()=> |kr_request| #future)
}

/// The pattern of what all steps have extracted. `name` is called with the index of each argument.
pub(crate) fn pattern(steps: &[Step], name: impl Fn(usize) -> TokenStream) -> TokenStream {
    match steps {
        [step] => step.target.pattern(&name),
        steps => {
            let each = steps.iter().map(|step| step.target.pattern(&name));
            quote!((#(#each,)*))
        }
    }
}

impl Target {
    fn pattern(&self, name: &dyn Fn(usize) -> TokenStream) -> TokenStream {
        match self {
            Self::Argument(index) => name(*index),
            Self::Tuple(indexes) => {
                let names = indexes.iter().map(|index| name(*index));
                quote!((#(#names,)*))
            }
        }
    }
}

/// A function of the runtime with generic arguments.
///
/// The compiler checks its bounds at several of its parts, but reports the same error at the same span only once. So all
/// parts start where `at` starts and end where `at` ends.
fn function(at: &impl ToTokens, name: &str, generics: &TokenStream) -> TokenStream {
    let function = spanned_function(at, name);
    let (_, end) = start_and_end(at);
    quote_spanned!(end=> #function::<#generics>)
}

/// A call of an extracting function, and `.await`.
fn awaited(
    at: &impl ToTokens,
    name: &str,
    generics: &TokenStream,
    arguments: &TokenStream,
) -> TokenStream {
    let call = call(at, name, generics, arguments);
    let (_, end) = start_and_end(at);
    quote_spanned!(end=> #call.await)
}

/// A call of an extracting function.
fn call(
    at: &impl ToTokens,
    name: &str,
    generics: &TokenStream,
    arguments: &TokenStream,
) -> TokenStream {
    let function = function(at, name, generics);
    let (_, end) = start_and_end(at);
    quote_spanned!(end=> #function(#arguments))
}
