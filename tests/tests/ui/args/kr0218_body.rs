//! KR0218: a body that is received under the lock (1 error)

use kr_runtime::axum::body::{Body, to_bytes};
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "files")]
struct Files(u64);

#[kr_route(put, "/file")]
#[locked("files")]
async fn put(files: &mut Files, body: Body) -> String {
    let body = to_bytes(body, usize::MAX).await;
    files.0 += body.map_or(0, |body| body.len() as u64);
    files.0.to_string()
}

fn main() {}
