//! KR0218: a body that is received before the lock is taken.

use kr_runtime::axum::body::Bytes;
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "files")]
struct Files(u64);

#[kr_route(put, "/file")]
#[locked("files")]
async fn put(files: &mut Files, body: Bytes) -> String {
    files.0 += body.len() as u64;
    files.0.to_string()
}

fn main() {}
