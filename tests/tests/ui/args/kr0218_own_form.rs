//! KR0218: an own extractor with a form in it that is still being received (1 error)

use kr_runtime::axum::extract::multipart::MultipartRejection;
use kr_runtime::axum::extract::{FromRequest, Multipart, Request};
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "files")]
struct Files(u64);

struct Upload {
    form: Multipart,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = MultipartRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, MultipartRejection> {
        let form = Multipart::from_request(request, state).await?;
        Ok(Self { form })
    }
}

#[kr_route(post, "/upload")]
#[locked("files")]
async fn upload(files: &mut Files, mut upload: Upload) -> String {
    while let Ok(Some(_)) = upload.form.next_field().await {
        files.0 += 1;
    }
    files.0.to_string()
}

fn main() {}
