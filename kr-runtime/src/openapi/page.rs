//! The document and the page that shows it and sends requests. The page is Swagger UI, which is a part of the program: nothing
//! is loaded from elsewhere, and its policy lets it load nothing.

use super::settings::OpenApi;
use crate::http::Problem;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use serde_json::Value;
use swagger_ui_redist::{SwaggerUi, SwaggerUiStaticFile};

const SCRIPT: &str = include_str!("page.js");

/// The routes of the document and of the page.
pub(crate) fn router(settings: &OpenApi, title: &str, document: &Value) -> Router {
    // A document of strings and numbers always serialises.
    let document = serde_json::to_vec_pretty(document).unwrap_or_default();
    let document = Bytes::from(document);
    let json = |document: Bytes| async move {
        let headers = [(header::CONTENT_TYPE, "application/json"), NO_CACHE];
        (headers, document)
    };
    let router = Router::new().route(&settings.document_path, get(move || json(document.clone())));
    let Some(path) = &settings.page_path else {
        return router;
    };
    let html = Bytes::from(html(settings, path, title));
    let policy = policy(settings);
    let page = move || {
        let (html, policy) = (html.clone(), policy.clone());
        async move { page(html, policy) }
    };
    let files = format!("{path}/{{file}}");
    router.route(path, get(page)).route(&files, get(file))
}

const NO_CACHE: (HeaderName, &str) = (header::CACHE_CONTROL, "no-cache");

fn page(html: Bytes, policy: HeaderValue) -> Response {
    let headers = [
        NO_CACHE,
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let policy = [(header::CONTENT_SECURITY_POLICY, policy)];
    (headers, policy, Html(html)).into_response()
}

/// What the page may load: its own files, and what the requests that it sends get.
fn policy(settings: &OpenApi) -> HeaderValue {
    let is_plain = |url: &&String| !url.contains([';', ',', ' ', '\'']);
    let servers = settings.servers.iter().filter(is_plain);
    let servers: String = servers.map(|url| format!(" {url}")).collect();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'{servers}; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// Its addresses are relative, so that the application may be a part of another one.
fn html(settings: &OpenApi, path: &str, title: &str) -> String {
    let up = "../".repeat(path.matches('/').count() - 1);
    let document = format!("{up}{}", settings.document_path.trim_start_matches('/'));
    let folder = path.rsplit('/').next().unwrap_or_default();
    let (title, document) = (escaped(title), escaped(&document));
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{folder}/favicon-32x32.png">
<link rel="stylesheet" href="{folder}/swagger-ui.css">
<script src="{folder}/swagger-ui-bundle.js" defer></script>
<script src="{folder}/page.js" defer></script>
</head>
<body>
<main id="page" data-document="{document}"></main>
<noscript>This page needs JavaScript; <a href="{document}">the document</a> does not.</noscript>
</body>
</html>
"#
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

async fn file(axum::extract::Path(name): axum::extract::Path<String>) -> Result<Response, Problem> {
    let content = match name.as_str() {
        "page.js" => Some(SCRIPT.as_bytes()),
        name => {
            let mut files = SwaggerUi::static_files().iter();
            let is_shown = |file: SwaggerUiStaticFile| {
                use SwaggerUiStaticFile::{Css, Favicon32, Js};
                matches!(file, Css | Js | Favicon32) && file.file_name() == name
            };
            files.find_map(|(file, content)| is_shown(*file).then_some(*content))
        }
    };
    let content = content.ok_or_else(|| Problem::not_found("there is no such file"))?;
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ => "image/png",
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, content).into_response())
}
