//! The argument that reads the body of the request: at most one, the last, and not for methods without a body.

use crate::parse::handler_argument::Argument;
use crate::parse::route::RouteAttribute;
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::errors::Errors;
use crate::syntax::types::{inner_type, last_segment, quote_type};
use quote::ToTokens;
use syn::{Ident, Type};

/// Extractors that read the body.
const BODIES: [&str; 8] = [
    "Body",
    "Bytes",
    "Form",
    "Json",
    "Multipart",
    "RawForm",
    "Request",
    "String",
];

/// Reports a second argument that reads the body, and one that comes before another extractor.
pub(crate) fn check_order(arguments: &[Argument], errors: &mut Errors) {
    let extractors: Vec<(&Type, Option<String>)> = arguments
        .iter()
        .filter_map(|argument| match argument {
            Argument::Extractor { ty, .. } => {
                let body = last_segment(ty)
                    .map(ToString::to_string)
                    .filter(|name| BODIES.contains(&name.as_str()));
                Some((ty, body))
            }
            _ => None,
        })
        .collect();
    let bodies: Vec<_> = extractors
        .iter()
        .filter_map(|(ty, body)| body.as_ref().map(|_| *ty))
        .collect();
    if let [first, second, ..] = bodies.as_slice() {
        let message = format!(
            "only one argument can read the body, not `{}` and `{}`",
            quote_type(first),
            quote_type(second)
        );
        let diagnostic = Diagnostic::new("KR0203", message).help("keep one of them");
        errors.push(second, diagnostic);
    } else if let [first] = bodies.as_slice()
        && let Some((last, _)) = extractors.last()
        && !std::ptr::eq(*first, *last)
    {
        errors.push(first, body_last(first, last));
    }
}

/// An argument that reads the body, before the last one.
pub(crate) fn body_last(ty: &Type, last: &Type) -> Diagnostic {
    let message = format!(
        "`{}` reads the body, so it must be the last extracted argument",
        quote_type(ty)
    );
    let help = format!("move it behind `{}`", quote_type(last));
    Diagnostic::new("KR0202", message).help(help)
}

/// Extractors that fail if the request has no body. Without a body, forms are read from the query; an `Option` or the whole
/// request works either way.
const REQUIRE_BODY: [&str; 4] = ["Bytes", "Json", "Multipart", "String"];

/// Reports arguments that need a body where the method has none.
pub(crate) fn check_method(
    handler: &Ident,
    route: &RouteAttribute,
    arguments: &[Argument],
    errors: &mut Errors,
) {
    let method = route.method.to_string().to_lowercase();
    if !["get", "head"].contains(&method.as_str()) {
        return;
    }
    for argument in arguments {
        let Argument::Extractor { ty, .. } = argument else {
            continue;
        };
        let Some(last) =
            last_segment(ty).filter(|last| REQUIRE_BODY.iter().any(|name| last == name))
        else {
            continue;
        };
        let written = quote_type(ty);
        let message =
            format!("`{method}` requests carry no body, and `{handler}` reads one as `{written}`");
        let mut help = format!(
            "write `#[kr_route(post, {})]`",
            route.path.to_token_stream()
        );
        if let Some(inner) = inner_type(ty).filter(|_| last == "Json") {
            help.push_str(&format!(
                ", or read the query with `Query<{}>`",
                quote_type(inner)
            ));
        }
        errors.push(ty, Diagnostic::new("KR0204", message).help(help));
    }
}
