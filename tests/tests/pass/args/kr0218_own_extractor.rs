//! KR0218: an own extractor that receives the body.

use kr_runtime::axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    response::Response,
};
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "files")]
struct Files(u64);

struct Received(Bytes);

impl<S: Send + Sync> FromRequest<S> for Received {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let body = Bytes::from_request(request, state).await;
        body.map(Self).map_err(IntoResponse::into_response)
    }
}

#[kr_route(put, "/file")]
#[locked("files")]
async fn put(files: &mut Files, file: Received) -> String {
    files.0 += file.0.len() as u64;
    files.0.to_string()
}

fn main() {}
