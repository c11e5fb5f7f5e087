//! KR0218: an own extractor that keeps the body as a stream (1 error)

use kr_runtime::axum::body::to_bytes;
use kr_runtime::axum::extract::{FromRequest, Request};
use kr_runtime::prelude::*;
use std::convert::Infallible;

#[derive(Clone, SharedState)]
#[shared_state(lock = "files")]
struct Files(u64);

struct File(Request);

impl<S: Send + Sync> FromRequest<S> for File {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self(request))
    }
}

#[kr_route(put, "/file")]
#[locked("files")]
async fn put(files: &mut Files, file: File) -> String {
    let body = to_bytes(file.0.into_body(), usize::MAX).await;
    files.0 += body.map_or(0, |body| body.len() as u64);
    files.0.to_string()
}

fn main() {}
