//! KR0218: a form that is received under the lock (1 error)

use kr_runtime::axum::extract::Multipart;
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "files")]
struct Files(u64);

#[kr_route(post, "/upload")]
#[locked("files")]
async fn upload(files: &mut Files, mut form: Multipart) -> Result<String, Problem> {
    while let Ok(Some(_)) = form.next_field().await {
        files.0 += 1;
    }
    Ok(files.0.to_string())
}

fn main() {}
