//! Constants that check what only types tell about arguments: an extractor that is borrowed like a state, and one that is
//! still receiving the body while the handler holds its locks.

use crate::check::body::body_last;
use crate::check::model::Model;
use crate::expand::host_checks;
use crate::expand::probes::{declaration, is_extractor};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::spans::{spanned_function, start_and_end};
use crate::syntax::types::{has_own_message, inner_type, last_segment, quote_type};
use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::Type;

pub(crate) fn checks(model: &Model) -> Vec<TokenStream> {
    let borrowed = model
        .states()
        .map(|(state, exclusive)| by_value(model, state, exclusive));
    borrowed
        .chain(in_order(model))
        .chain(buffered(model))
        .collect()
}

/// Every argument but the last is extracted from the head of the request.
fn in_order(model: &Model) -> Vec<TokenStream> {
    let extractors: Vec<&Type> = model.extractors().collect();
    let Some((last, others)) = extractors.split_last() else {
        return Vec::new();
    };
    let others = others.iter().filter(|ty| !has_own_message(ty));
    let checks = others.map(|ty| {
        let assert_in_order = spanned_function(ty, "assert_in_order");
        let assert_holds = spanned_function(ty, "assert_holds");
        let (_, end) = start_and_end(ty);
        if is_one_of(ty, &FROM_HEAD) {
            // The compiler has less to do where the name tells which of the two it is.
            return quote_spanned! {end=> #assert_in_order::<#ty, ::kr_runtime::__private::Misplaced<false>>() };
        }
        let reads_body = body_last(ty, last).text();
        let gets_body = quote_spanned! {end=>
            ::kr_runtime::__private::ExtractorProbe::<#ty>::FROM_BODY && !::kr_runtime::__private::ExtractorProbe::<#ty>::FROM_PARTS
        };
        quote_spanned! {end=> {
            #assert_in_order::<#ty, ::kr_runtime::__private::Misplaced<{ #gets_body }>>();
            #assert_holds(!(#gets_body), #reads_body);
        }}
    });
    checks.collect()
}

/// A borrowed type that is no state is the host, and no extractor.
fn by_value(model: &Model, state: &Type, exclusive: bool) -> TokenStream {
    let ty = quote_type(state);
    let reference = if exclusive { "&mut" } else { "&" };
    let extractor = Diagnostic::new(
        "KR0207",
        format!("`{ty}` is an extractor, which is passed by value"),
    )
    .help(format!("write `{ty}` without `{reference}`"))
    .text();
    let host = host_checks::misuse(model, state, exclusive);
    let (declaration, is_extractor) = (declaration(state), is_extractor(state));
    let assert_holds = spanned_function(state, "assert_holds");
    let (_, end) = start_and_end(state);
    quote_spanned! {end=>
        if !#declaration.is_state {
            #host
            #assert_holds(!#is_extractor, #extractor);
        }
    }
}

/// Extractors that leave the body alone.
const FROM_HEAD: [&str; 8] = [
    "ConnectInfo",
    "Extension",
    "HeaderMap",
    "MatchedPath",
    "Method",
    "Path",
    "Query",
    "Uri",
];

/// Extractors that receive the whole body before the handler runs.
const BUFFERED: [&str; 5] = ["Bytes", "Form", "Json", "RawForm", "String"];

fn is_one_of(ty: &Type, names: &[&str]) -> bool {
    last_segment(ty).is_some_and(|last| names.iter().any(|name| last == name))
}

/// The last extractor of a handler that holds locks has received the body. A stream is known by its type: it gets the body, and
/// is not `Sync`. The stream of a `Multipart` has a lock around it, so it is `Sync`, but not `RefUnwindSafe`.
fn buffered(model: &Model) -> Option<TokenStream> {
    let argument = model.last_extractor().filter(|_| model.takes_locks())?;
    // The rejection of a `Result` may be of any type.
    let is_wrapped = is_one_of(argument, &["Option", "Result"]);
    let ty = inner_type(argument)
        .filter(|_| is_wrapped)
        .unwrap_or(argument);
    if is_one_of(ty, &BUFFERED) || is_one_of(ty, &FROM_HEAD) {
        return None;
    }
    let message = streaming(model, argument, ty).text();
    let unclear = unclear(model, argument, ty).text();
    let assert_holds = spanned_function(ty, "assert_holds");
    let (_, end) = start_and_end(ty);
    let is_multipart = is_one_of(ty, &["Multipart"]);
    Some(quote_spanned! {end=>
        if ::kr_runtime::__private::ExtractorProbe::<#ty>::FROM_BODY && !::kr_runtime::__private::ExtractorProbe::<#ty>::FROM_PARTS {
            let is_frozen = ::kr_runtime::__private::MutabilityProbe::<#ty>::IS_FROZEN
                || ::kr_runtime::__private::ExtractorProbe::<#ty>::IS_RESULT;
            #assert_holds(::kr_runtime::__private::ExtractorProbe::<#ty>::IS_SYNC && (is_frozen || !#is_multipart), #message);
            #assert_holds(is_frozen, #unclear);
        }
    })
}

/// For a type that may hold a stream, or something else that looks like one.
fn unclear(model: &Model, argument: &Type, ty: &Type) -> Diagnostic {
    let name = model.handler();
    let written = quote_type(argument);
    let message = format!(
        "`{name}` would hold its lock while the client sends the body, if `{written}` has a stream in it, such as `Multipart`"
    );
    let help = format!(
        "receive the body in its `from_request`, and keep the parts; where that is so, write `impl std::panic::RefUnwindSafe for {} {{}}`",
        quote_type(ty)
    );
    Diagnostic::new("KR0218", message).help(help)
}

fn streaming(model: &Model, argument: &Type, ty: &Type) -> Diagnostic {
    let name = model.handler();
    let written = quote_type(argument);
    let message = format!(
        "`{name}` would hold its lock while the client sends the body, which `{written}` receives piece by piece"
    );
    let last = last_segment(ty).map(ToString::to_string);
    let help = match last.as_deref() {
        Some("Body") => {
            "take `Bytes`, which is received before the lock is taken; for a body with a form of its own, write an extractor that reads it".to_owned()
        }
        Some("Request") => {
            "take what you need of it: `Method`, `Uri`, `HeaderMap`, and last the body as `Bytes`, which is received before the lock is taken".to_owned()
        }
        _ => format!("receive it in an extractor, which runs before the lock is taken, and take that:\n\n{}", example(&quote_type(ty))),
    };
    Diagnostic::new("KR0218", message).help(help)
}

/// An extractor that receives all parts of a form.
fn example(written: &str) -> String {
    let receive = match written.rsplit("::").next() {
        Some("Multipart") => MULTIPART,
        _ => OTHER,
    };
    receive.replace("STREAM", written)
}

const MULTIPART: &str = r"    struct Received(Vec<Bytes>);

    impl<S: Send + Sync> FromRequest<S> for Received {
        type Rejection = Response;

        async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
            let form = STREAM::from_request(request, state).await;
            let mut form = form.map_err(IntoResponse::into_response)?;
            let mut parts = Vec::new();
            while let Some(part) = form.next_field().await.map_err(IntoResponse::into_response)? {
                parts.push(part.bytes().await.map_err(IntoResponse::into_response)?);
            }
            Ok(Self(parts))
        }
    }

with `use kr_runtime::axum::{body::Bytes, extract::{FromRequest, Request}, response::Response}`";

const OTHER: &str = r"    struct Received(Bytes);

    impl<S: Send + Sync> FromRequest<S> for Received {
        type Rejection = Response;

        async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
            let body = Bytes::from_request(request, state).await;
            body.map(Self).map_err(IntoResponse::into_response)
        }
    }

with `use kr_runtime::axum::{body::Bytes, extract::{FromRequest, Request}, response::Response}`";
