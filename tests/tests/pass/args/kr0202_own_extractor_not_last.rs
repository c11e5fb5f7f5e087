//! KR0202: it comes last.

use kr_runtime::axum::body::Bytes;
use kr_runtime::axum::extract::{FromRequest, Request};
use kr_runtime::axum::http::HeaderMap;
use kr_runtime::axum::response::Response;
use kr_runtime::prelude::*;

struct Upload(Bytes);

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let body = Bytes::from_request(request, state).await;
        body.map(Self).map_err(IntoResponse::into_response)
    }
}

#[kr_route(post, "/upload")]
fn upload(headers: HeaderMap, upload: Upload) -> String {
    format!("{} bytes, {} headers", upload.0.len(), headers.len())
}

fn main() {}
