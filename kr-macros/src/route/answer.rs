//! The call of the runtime's pipeline that fits a handler.
//!
//! Its tokens have the hygiene of the macro, so that no local of it can be taken for a handler of the same name. What the
//! compiler may find fault with is spelled with the type as it stands in the signature, so that it is pointed at there.

use super::arguments::Argument;
use super::check::Model;
use crate::types::{bare, inner_types, last_segment, mentions, payload};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ReturnType, Type};

/// The method that answers a request.
pub(crate) fn answer(model: &Model) -> TokenStream {
    let here = Span::mixed_site();
    let Call {
        extract,
        extracted,
        borrow,
        arguments,
    } = &Call::of(model);
    let name = &model.name;
    let awaited = model.asyncness.then(|| quote!(.await));
    let ran = quote_spanned! {here=>
        let output = #name(#(#arguments),*)#awaited;
        let commits = {
            use ::kr_runtime::__private::Commits as _;
            ::kr_runtime::__private::Judge(&output).commits()
        };
        ::kr_runtime::__private::ran(output, commits)
    };
    let respond = respond(&model.output);
    let pipeline = match (model.takes_locks(), model.asyncness) {
        (false, _) => quote_spanned! {here=>
            ::kr_runtime::__private::read(site, request, #extract, |#extracted, mut states| async move {
                #borrow
                let output = #name(#(#arguments),*)#awaited;
                #respond
            })
        },
        (true, false) => quote_spanned! {here=>
            ::kr_runtime::__private::write(
                site,
                request,
                #extract,
                |#extracted, states| {
                    #borrow
                    #ran
                },
                |output| #respond,
            )
        },
        (true, true) => quote_spanned! {here=>
            ::kr_runtime::__private::write_async(
                site,
                request,
                #extract,
                |#extracted, mut states| async move {
                    let ran = {
                        #borrow
                        #ran
                    };
                    (ran, states)
                },
                |output| #respond,
            )
        },
    };
    quote_spanned! {here=>
        fn answer(
            site: ::kr_runtime::__private::Arc<::kr_runtime::__private::Site>,
            request: ::kr_runtime::__private::Request,
        ) -> ::kr_runtime::__private::Answering {
            ::kr_runtime::__private::Box::pin(#pipeline)
        }
    }
}

/// The pieces of a call.
struct Call {
    /// A closure from the request to the extracted arguments.
    extract: TokenStream,
    /// The pattern that takes them apart again.
    extracted: TokenStream,
    /// The lines that borrow the states.
    borrow: TokenStream,
    /// What the function is called with.
    arguments: Vec<Ident>,
}

impl Call {
    fn of(model: &Model) -> Self {
        let here = Span::mixed_site();
        let arguments: Vec<Ident> = (0..model.arguments.len())
            .map(|index| format_ident!("argument_{}", index, span = here))
            .collect();
        let each = || model.arguments.iter().zip(&arguments);
        let names: Vec<_> = each()
            .filter(|(argument, _)| !matches!(argument, Argument::State { .. }))
            .map(|(_, name)| name)
            .collect();
        let extracted = quote!((#(#names,)*));
        let steps = (!names.is_empty()).then(|| steps(model, &arguments));
        let extract = quote_spanned! {here=>
            |request: ::kr_runtime::__private::Request| async move {
                #steps
                ::kr_runtime::__private::Ok::<_, ::kr_runtime::__private::Response>(#extracted)
            }
        };

        let lines = each().filter_map(|(argument, name)| match argument {
            Argument::State { state, exclusive } => {
                let how = if *exclusive {
                    quote!(write)
                } else {
                    quote!(read)
                };
                Some(quote_spanned!(here=> let #name = each.#how::<#state>();))
            }
            _ => None,
        });
        let borrow = quote_spanned! {here=>
            #[allow(unused_mut, unused_variables)]
            let mut each = states.each();
            #(#lines)*
        };
        Self {
            extract,
            extracted,
            borrow,
            arguments,
        }
    }
}

/// Takes the arguments out of the request: captures first, then extractors in their order, of which the last may read the
/// body.
fn steps(model: &Model, names: &[Ident]) -> TokenStream {
    let here = Span::mixed_site();
    let captures = captures(model, names);
    let mut extractors = model
        .arguments
        .iter()
        .zip(names)
        .filter_map(|(argument, name)| match argument {
            Argument::Extractor { ty } => Some((ty, name)),
            _ => None,
        })
        .collect::<Vec<_>>();
    let last = extractors.pop().map(|(ty, name)| {
        let method = match payload(ty) {
            Some(inner) => quote!(<#ty as ::kr_runtime::__private::WholeOf<#inner, _>>::take),
            None => quote!(<#ty as ::kr_runtime::__private::Whole<_>>::take),
        };
        quote_spanned! {here=>
            let request = ::kr_runtime::__private::Request::from_parts(parts, body);
            let #name = #method(request).await?;
        }
    });
    let others = extractors.into_iter().map(|(ty, name)| {
        let method = match payload(ty) {
            Some(inner) => quote!(<#ty as ::kr_runtime::__private::PartOf<#inner>>::take),
            None => quote!(<#ty as ::kr_runtime::__private::Part>::take),
        };
        quote_spanned!(here=> let #name = #method(&mut parts).await?;)
    });
    quote_spanned! {here=>
        #[allow(unused_mut, unused_variables)]
        let (mut parts, body) = request.into_parts();
        #captures
        #(#others)*
        #last
    }
}

/// All captures that have an argument, in the order of the path.
fn captures(model: &Model, names: &[Ident]) -> Option<TokenStream> {
    let here = Span::mixed_site();
    let used: Vec<_> = model
        .captures
        .iter()
        .filter_map(|capture| {
            model
                .arguments
                .iter()
                .zip(names)
                .find_map(|(argument, bound)| match argument {
                    Argument::Capture { name, ty } if name == capture => Some((name, ty, bound)),
                    _ => None,
                })
        })
        .collect();
    let texts = used.iter().map(|(text, ..)| text);
    let types = used.iter().map(|(_, ty, _)| ty);
    let bound = used.iter().map(|(.., bound)| bound);
    match used.as_slice() {
        [] => None,
        // A tuple of one is read like its only member by axum, which also words its errors for one.
        [(text, ty, bound)] => Some(quote_spanned! {here=>
            let #bound = <#ty as ::kr_runtime::__private::Capture>::take(&mut parts, &[#text]).await?;
        }),
        _ => {
            // Any of them may be to blame, so the path is pointed at.
            let at = model.route.path.span();
            let tuple = quote_spanned!(at=> (#(#types,)*));
            let method = quote_spanned!(at=> <#tuple as ::kr_runtime::__private::Captures>::take);
            Some(quote_spanned! {here=>
                let (#(#bound,)*) = #method(&mut parts, &[#(#texts),*]).await?;
            })
        }
    }
}

/// Turns the output into the response.
fn respond(returns: &ReturnType) -> TokenStream {
    let here = Span::mixed_site();
    let ReturnType::Type(_, ty) = returns else {
        return quote_spanned!(here=> ::kr_runtime::__private::Respond::respond(output));
    };
    if let [good, bad] = inner_types(ty).as_slice()
        && last_segment(ty).is_some_and(|last| last == "Result")
    {
        let (good, bad) = (of(good, &quote!(Respond)), of(bad, &quote!(Fail)));
        return quote_spanned! {here=>
            match output {
                ::kr_runtime::__private::Ok(output) => #good,
                ::kr_runtime::__private::Err(output) => #bad,
            }
        };
    }
    of(ty, &quote!(Respond))
}

/// Turns an output of a type into the response, as that trait does.
fn of(ty: &Type, by: &TokenStream) -> TokenStream {
    let ty = bare(ty);
    let method = if mentions(ty, "impl") {
        quote_spanned!(ty.span()=> ::kr_runtime::__private::#by::respond)
    } else if let Some(inner) = payload(ty) {
        quote!(<#ty as ::kr_runtime::__private::Answer<#inner>>::respond)
    } else {
        quote!(<#ty as ::kr_runtime::__private::#by>::respond)
    };
    quote_spanned!(Span::mixed_site()=> #method(output))
}
