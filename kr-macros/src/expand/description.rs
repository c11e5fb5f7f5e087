//! What a handler's signature says of its requests and responses, for a document of the application's API.
//!
//! It goes through a macro of the runtime, which drops it unless the runtime has the feature that makes such documents. Types
//! are asked by probes, so that nothing is asked of the types of a user.

use crate::check::model::Model;
use crate::expand::named_statuses::named_statuses;
use crate::parse::handler_argument::Argument;
use crate::syntax::function::Function;
use crate::syntax::types::{bare, inner_types, last_segment, mentions};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{Expr, Meta, ReturnType, Type};

/// The function that describes the handler.
pub(crate) fn description(function: &Function, model: &Model) -> TokenStream {
    let docs = docs(function);
    let docs = (!docs.is_empty()).then(|| quote!(kr_operation.docs(&[#(#docs),*]);));
    let options = options(model);
    let tags = &model.route.options.tags;
    let (tags, example) = (&tags.tags, &tags.example);
    let tags = (!tags.is_empty()).then(|| quote!(kr_operation.tags(&[#(#tags),*]);));
    let example = example
        .as_ref()
        .map(|json| quote!(kr_operation.example(::kr_runtime::__private::json!(#json));));
    let listed = model.locked.iter().flat_map(|locked| &locked.listed);
    let listed: Vec<_> = listed.collect();
    let listed = (!listed.is_empty()).then(|| quote!(kr_operation.lists(&[#(#listed),*]);));
    let statuses = named_statuses(&function.body);
    let statuses =
        (!statuses.is_empty()).then(|| quote!(kr_operation.statuses(&[#(#statuses),*]);));
    let last = model.last_extractor();
    let arguments = model
        .arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::Capture { name, ty } => {
                let schema = schema(ty);
                Some(quote!(kr_operation.capture(#name, #schema);))
            }
            Argument::Extractor { ty, .. } => {
                let is_last = last.is_some_and(|last| std::ptr::eq(last, ty));
                Some(extractor(ty, is_last, &model.captures))
            }
            _ => None,
        });
    let response = match &model.output {
        ReturnType::Default => quote!(kr_operation.nothing();),
        ReturnType::Type(_, ty) => response(ty, Place::default()),
    };
    quote! {
        ::kr_runtime::__private::described! {
            fn describe(kr_operation: &mut ::kr_runtime::__private::Description) {
                #[allow(unused_imports)]
                use ::kr_runtime::__private::{NoRequest as _, NoResponse as _, NoSchema as _};
                #docs
                #options
                #listed
                #tags
                #example
                #statuses
                #(#arguments)*
                #response
            }
        }
    }
}

/// The lines of the doc comment.
fn docs(function: &Function) -> Vec<&Expr> {
    let attributes = function.attributes.iter();
    let docs = attributes.filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => Some(&meta.value),
        _ => None,
    });
    docs.collect()
}

/// What the attributes and the states add to requests and responses.
fn options(model: &Model) -> Option<TokenStream> {
    let options = &model.route.options;
    let borrows = model.arguments.iter().any(Argument::is_borrowed);
    let words = [
        ("Borrows", borrows),
        ("Cached", options.cached.is_some()),
        ("Live", options.live.is_some()),
        ("Tagged", options.etag.is_some()),
        ("Idempotent", options.idempotent.is_some()),
    ];
    let words = words.iter().filter(|(_, is_set)| *is_set);
    let words: Vec<_> = words
        .map(|(word, _)| {
            let word = proc_macro2::Ident::new(word, proc_macro2::Span::call_site());
            quote!(::kr_runtime::__private::Property::#word)
        })
        .collect();
    (!words.is_empty()).then(|| quote!(kr_operation.properties(&[#(#words),*]);))
}

/// The schema of a type, if it has one.
fn schema(ty: &Type) -> TokenStream {
    match is_nameable(ty) {
        true => quote!(::kr_runtime::__private::Described::<#ty>::SCHEMA),
        false => quote!(::kr_runtime::__private::TypeSchema::UNKNOWN),
    }
}

/// Whether generated code can write the type: not one without a name, or with a lifetime of its own.
fn is_nameable(ty: &Type) -> bool {
    !mentions(ty, "impl") && !mentions(ty, "for")
}

/// Extractors that say themselves what they take.
const KNOWN: [&str; 9] = [
    "Body",
    "Bytes",
    "Extension",
    "HeaderMap",
    "Method",
    "Multipart",
    "Request",
    "String",
    "Uri",
];

/// An argument that is extracted.
fn extractor(ty: &Type, is_last: bool, captures: &[String]) -> TokenStream {
    let (name, inner) = (last_segment(ty).map(ToString::to_string), inner_types(ty));
    let call = |method: &str, inner: &Type| {
        let method = proc_macro2::Ident::new(method, proc_macro2::Span::call_site());
        let schema = schema(inner);
        quote!(kr_operation.#method(#schema);)
    };
    match (name.as_deref(), inner.as_slice()) {
        (Some("Json"), [inner]) => call("json", inner),
        (Some("Form"), [inner]) => call("form", inner),
        (Some("Query"), [inner]) => call("query", inner),
        (Some("Path"), [inner]) => match bare(inner) {
            Type::Tuple(parts) if parts.elems.len() == captures.len() => {
                let parts = parts.elems.iter().zip(captures).map(|(part, name)| {
                    let schema = schema(part);
                    quote!(kr_operation.capture(#name, #schema);)
                });
                parts.collect()
            }
            inner => {
                let schema = schema(inner);
                quote!(kr_operation.captures(&[#(#captures),*], #schema);)
            }
        },
        (Some("Option"), [inner]) => {
            let inner = extractor(inner, is_last, captures);
            quote!(kr_operation.optional(|kr_operation| { #inner });)
        }
        (Some("Result"), [inner, ..]) => {
            let inner = extractor(inner, is_last, captures);
            quote!(kr_operation.unrejected(|kr_operation| { #inner });)
        }
        (Some("WithState"), [_, inner]) => extractor(inner, is_last, captures),
        (name, _) => {
            // Whether it may read the body. Of some it is known, and nothing is left to the compiler.
            let is_known = name.is_some_and(|name| KNOWN.contains(&name));
            let reads_body = match is_last && !is_known {
                true => quote!({
                    #[allow(unused_imports)]
                    use ::kr_runtime::__private::NotFromParts as _;
                    !::kr_runtime::__private::ExtractorProbe::<#ty>::FROM_PARTS
                }),
                false => quote!(#is_last),
            };
            let described = quote!(::kr_runtime::__private::Described::<#ty>);
            quote!(kr_operation.extractor(#described::REQUEST, #reads_body);)
        }
    }
}

/// Where in the output a type stands.
#[derive(Clone, Copy, Default)]
struct Place {
    is_error: bool,
    /// Beside a status, or beside headers.
    has_status: bool,
    has_headers: bool,
}

impl ToTokens for Place {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            is_error,
            has_status,
            has_headers,
        } = self;
        tokens.extend(
            quote!(::kr_runtime::__private::Place::new(#is_error, #has_status, #has_headers)),
        );
    }
}

/// What is returned.
fn response(ty: &Type, place: Place) -> TokenStream {
    let ty = bare(ty);
    if let Type::Tuple(parts) = ty
        && let Some(last) = parts.elems.last()
    {
        let is_status = |part: &Type| last_segment(part).is_some_and(|last| last == "StatusCode");
        let before = parts.elems.iter().take(parts.elems.len() - 1);
        let statuses = before.clone().filter(|part| is_status(part)).count();
        let place = Place {
            has_status: place.has_status || statuses > 0,
            has_headers: place.has_headers || before.count() > statuses,
            ..place
        };
        return response(last, place);
    }
    let (name, inner) = (last_segment(ty).map(ToString::to_string), inner_types(ty));
    match (name.as_deref(), inner.as_slice()) {
        (Some("Result"), [ok, rest @ ..]) => {
            let ok = response(ok, place);
            let error = Place {
                is_error: true,
                ..place
            };
            // The error of axum's own `Result` may be anything.
            let error = match rest.first() {
                Some(ty) => response(ty, error),
                None => quote!(kr_operation.anything(#error);),
            };
            quote!(#ok #error)
        }
        (Some("Update"), [inner]) => response(inner, place),
        (Some("Json"), [inner]) => {
            let schema = schema(inner);
            quote!(kr_operation.responds_json(#place, #schema);)
        }
        _ if !is_nameable(ty) => quote!(kr_operation.anything(#place);),
        _ => {
            quote!(kr_operation.responds(#place, ::kr_runtime::__private::Described::<#ty>::RESPONSE);)
        }
    }
}
