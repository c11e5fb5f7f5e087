//! The method that serves a request: it calls the function of the runtime's pipeline that fits the handler.
//!
//! The tokens have the macro's hygiene, so that a local variable is never confused with a handler of the same name. Their
//! names start with `kr_` all the same: the hygiene does not cover constants, and a pattern with the name of a user's constant
//! would be compared with it. What the compiler may report is spelled with the type as the signature has it, so that the error
//! is shown there.

use crate::check::model::Model;
use crate::expand::extraction::{extraction, pattern, steps};
use crate::expand::key_resolver::key_resolver;
use crate::expand::response::response;
use crate::parse::handler_argument::Argument;
use crate::parse::route::RouteOptions;
use crate::syntax::spans::{spanned_function, start_and_end};
use crate::syntax::types::mentions;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ReturnType;
use syn::spanned::Spanned;

pub(crate) fn pipeline_call(model: &Model) -> TokenStream {
    let hygiene = Span::mixed_site();
    let Call {
        extraction,
        extracted,
        key_resolver,
        borrow,
        arguments,
    } = &Call::of(model);
    let name = &model.name;
    let awaited = model.is_async.then(|| quote!(.await));
    let lifetime_check = lifetime_check(model);
    let run = quote_spanned! {hygiene=>
        #lifetime_check
        let kr_output = #name(#(#arguments),*)#awaited;
        let kr_decision = {
            #[allow(unused_imports)]
            use ::kr_runtime::__private::{
                AlwaysCommits as _, CommitsUnlessErr as _, DecidesInResult as _, DecidesInUpdate as _,
            };
            (&&&::kr_runtime::__private::CommitDecision(&kr_output)).decision()
        };
        ::kr_runtime::__private::handler_output(kr_output, kr_decision)
    };
    let response = response(&model.output);
    let tags = model.route.options.etag.is_some();
    let read_response = match tags {
        true => quote_spanned!(hygiene=> kr_tags.tagged(kr_revision, #response)),
        false => response.clone(),
    };
    // The tags are captured.
    let capture = tags.then(|| quote!(move));
    let revision = tags.then(|| quote_spanned!(hygiene=> let kr_revision = kr_states.revision();));
    // A parameter that is not used has no name.
    let (states, moved, returned) = match borrow {
        Some(_) => {
            let moved = quote_spanned!(hygiene=> mut kr_states);
            (quote_spanned!(hygiene=> kr_states), moved.clone(), moved)
        }
        None => (quote!(_), quote!(_), quote_spanned!(hygiene=> kr_states)),
    };
    let write = write(model);
    let [read, read_cached] = reads(model).map(|name| format_ident!("{}", name, span = hygiene));
    let call = match (model.takes_locks(), model.is_async) {
        (false, false) if model.route.options.cached.is_some() => quote_spanned! {hygiene=>
            ::kr_runtime::__private::#read_cached(kr_bound_handler, kr_request, #capture |kr_states| {
                #revision
                #borrow
                let kr_output = #name(#(#arguments),*);
                #read_response
            })
        },
        (false, false) => quote_spanned! {hygiene=>
            ::kr_runtime::__private::#read(kr_bound_handler, kr_request, #extraction, #key_resolver, #capture |#extracted, #states| {
                #revision
                #borrow
                let kr_output = #name(#(#arguments),*);
                #read_response
            })
        },
        (false, true) => quote_spanned! {hygiene=>
            ::kr_runtime::__private::read_async(kr_bound_handler, kr_request, #extraction, #key_resolver, #capture |#extracted, #moved| async move {
                #revision
                #borrow
                let kr_output = #name(#(#arguments),*).await;
                #read_response
            })
        },
        (true, false) => quote_spanned! {hygiene=>
            #write(
                kr_bound_handler,
                kr_request,
                #extraction,
                #key_resolver,
                |#extracted, #states| {
                    #borrow
                    #run
                },
                |kr_output| #response,
            )
        },
        (true, true) => quote_spanned! {hygiene=>
            #write(
                kr_bound_handler,
                kr_request,
                #extraction,
                #key_resolver,
                |#extracted, #returned| async move {
                    let kr_handler_output = {
                        #borrow
                        #run
                    };
                    (kr_handler_output, kr_states)
                },
                |kr_output| #response,
            )
        },
    };
    let call = match tags && !model.takes_locks() {
        true => quote_spanned! {hygiene=>
            let (kr_etag, kr_tags) = ::kr_runtime::__private::read_etag(&kr_bound_handler, &kr_request);
            kr_etag.respond(move || #call)
        },
        false => call,
    };
    quote_spanned! {hygiene=>
        fn respond(
            kr_bound_handler: ::kr_runtime::__private::Arc<::kr_runtime::__private::BoundHandler>,
            kr_request: ::kr_runtime::__private::Request,
        ) -> ::kr_runtime::__private::ResponseFuture {
            #call
        }
    }
}

/// The pipeline's functions for a plain handler that reads, without `cached` and with it. A live one is never `blocking`.
fn reads(model: &Model) -> [&'static str; 2] {
    let options = &model.route.options;
    match (&options.live, &options.blocking) {
        (Some(_), _) => ["live", "live_cached"],
        (None, Some(_)) => ["read_blocking", "read_cached_blocking"],
        (None, None) => ["read", "read_cached"],
    }
}

/// The pipeline's function for a handler that changes state. It names the output's type, where the compiler then reports
/// output that is not `Send`.
fn write(model: &Model) -> TokenStream {
    let options = &model.route.options;
    let name = match (model.is_async, &options.blocking) {
        (true, _) => "write_async",
        (false, Some(_)) => "write_blocking",
        (false, None) => "write",
    };
    let mode = write_mode(options);
    let ReturnType::Type(_, ty) = &model.output else {
        let name = format_ident!("{}", name, span = Span::mixed_site());
        let future = model.is_async.then(|| quote!(, _));
        return quote!(::kr_runtime::__private::#name::<#mode, _, _ #future>);
    };
    let function = spanned_function(ty, name);
    let future = model.is_async.then(|| quote!(, _));
    let (start, end) = start_and_end(ty);
    let opaque = quote_spanned!(start=> _);
    match mentions(ty, "impl") {
        true => quote_spanned!(end=> #function::<#mode, _, #opaque #future>),
        false => quote_spanned!(end=> #function::<#mode, _, #ty #future>),
    }
}

/// What the route adds to a change.
fn write_mode(options: &RouteOptions) -> TokenStream {
    let mode = match &options.etag {
        Some(_) => quote!(::kr_runtime::__private::Tagged),
        None => quote!(::kr_runtime::__private::Plain),
    };
    match &options.idempotent {
        Some(_) => quote!(::kr_runtime::__private::Once<#mode>),
        None => mode,
    }
}

/// Names the type of the output where it could borrow from one argument only. If a lifetime in it is not written, the
/// compiler then reports that at the type. Otherwise it would report a borrow in generated code.
fn lifetime_check(model: &Model) -> Option<TokenStream> {
    let ReturnType::Type(_, ty) = &model.output else {
        return None;
    };
    let borrowed = model
        .arguments
        .iter()
        .filter(|argument| argument.is_reference());
    // With several borrowed arguments, the function itself has to name the lifetime.
    let is_clear = borrowed.count() == 1 && !mentions(ty, "impl");
    is_clear.then(|| quote_spanned!(Span::mixed_site()=> let _: fn() -> #ty;))
}

/// The parts of a call that depend on the handler's arguments.
struct Call {
    /// The function that extracts the arguments from the request.
    extraction: TokenStream,
    /// The pattern that takes its result apart.
    extracted: TokenStream,
    /// The function that finds the call's locks and states.
    key_resolver: TokenStream,
    /// The statements that borrow the states, if there are any.
    borrow: Option<TokenStream>,
    /// The local names of the handler's arguments.
    arguments: Vec<Ident>,
}

impl Call {
    fn of(model: &Model) -> Self {
        let hygiene = Span::mixed_site();
        let arguments: Vec<Ident> = (0..model.arguments.len())
            .map(|index| format_ident!("kr_argument_{}", index, span = hygiene))
            .collect();
        let steps = steps(model);
        Self {
            extraction: extraction(&steps, &arguments),
            extracted: pattern(&steps, |index| arguments[index].to_token_stream()),
            key_resolver: key_resolver(model, &arguments, &steps),
            borrow: borrow(model, &arguments),
            arguments,
        }
    }
}

/// The statements that borrow states and counters, in the order of the arguments.
fn borrow(model: &Model, names: &[Ident]) -> Option<TokenStream> {
    let hygiene = Span::mixed_site();
    let statements: Vec<_> = model
        .arguments
        .iter()
        .zip(names)
        .filter_map(|(argument, name)| match argument {
            Argument::State {
                state,
                exclusive,
                optional,
                ..
            } => {
                let call = match (exclusive, optional) {
                    (true, false) => quote!(write::<#state>),
                    (true, true) => quote!(write::<::kr_runtime::__private::Option<#state>>),
                    (false, false) => quote!(read::<#state>),
                    (false, true) => quote!(read_optional::<#state>),
                };
                Some(quote_spanned!(hygiene=> let #name = kr_borrows.#call();))
            }
            Argument::Instances { key, state } => Some(quote_spanned! {hygiene=>
                let #name = kr_borrows.view::<::kr_runtime::Instances<#key, #state>>();
            }),
            Argument::Counter { .. } => {
                Some(quote_spanned!(hygiene=> let #name = kr_borrows.counter();))
            }
            _ => None,
        })
        .collect();
    let revisions = model.arguments.iter().zip(names);
    let revisions = revisions.filter_map(|(argument, name)| match argument {
        Argument::Revision { ty } => Some(quote_spanned! {hygiene.located_at(ty.span())=>
            let #name: #ty = ::kr_runtime::__private::revision(kr_states.revision());
        }),
        _ => None,
    });
    (!statements.is_empty()).then(|| {
        quote_spanned! {hygiene=>
            #(#revisions)*
            let mut kr_borrows = kr_states.iter();
            #(#statements)*
        }
    })
}
