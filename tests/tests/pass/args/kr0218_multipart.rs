//! KR0218: a form that is received before the lock is taken.

use kr_runtime::axum::extract::Multipart;
use kr_runtime::axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    response::Response,
};
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "files")]
struct Files(u64);

struct Received(Vec<Bytes>);

impl<S: Send + Sync> FromRequest<S> for Received {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let form = Multipart::from_request(request, state).await;
        let mut form = form.map_err(IntoResponse::into_response)?;
        let mut parts = Vec::new();
        while let Some(part) = form
            .next_field()
            .await
            .map_err(IntoResponse::into_response)?
        {
            parts.push(part.bytes().await.map_err(IntoResponse::into_response)?);
        }
        Ok(Self(parts))
    }
}

#[kr_route(post, "/upload")]
#[locked("files")]
async fn upload(files: &mut Files, form: Received) -> Result<String, Problem> {
    files.0 += form.0.len() as u64;
    Ok(files.0.to_string())
}

fn main() {}
