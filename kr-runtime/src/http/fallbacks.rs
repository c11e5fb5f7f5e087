//! The responses to requests that no handler answers.

use super::problem::Problem;
use super::shorten::shorten;
use axum::Extension;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{NestedPath, RawPathParams};
use axum::http::{Method, StatusCode, Uri};

pub(crate) async fn not_found(uri: Uri) -> Problem {
    Problem::not_found(format!("there is nothing at {}", shorten(uri.path())))
}

/// axum adds `Allow` to this response.
pub(crate) async fn method_not_allowed(
    method: Method,
    uri: Uri,
    prefix: Option<Extension<NestedPath>>,
    captures: Result<RawPathParams, RawPathParamsRejection>,
) -> Problem {
    // axum has taken the prefix of a nested router off the path.
    let prefix = prefix.map_or_else(String::new, |prefix| filled(prefix.as_str(), captures.ok()));
    let path = format!("{prefix}{}", uri.path());
    let (path, method) = (shorten(&path), shorten(method.as_str()));
    let detail = format!("{path} does not support {method}; see `Allow`");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, detail)
}

/// A prefix with what the client sent in the place of its captures.
fn filled(prefix: &str, captures: Option<RawPathParams>) -> String {
    let mut filled = prefix.to_owned();
    for (name, value) in captures.iter().flatten() {
        filled = filled.replace(&format!("{{{name}}}"), value);
    }
    filled
}
