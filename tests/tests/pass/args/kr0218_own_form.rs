//! KR0218: an own extractor that receives the form, and one that says that it has received the body.

use kr_runtime::axum::body::Bytes;
use kr_runtime::axum::extract::rejection::{BytesRejection, JsonRejection};
use kr_runtime::axum::extract::{FromRequest, Multipart, Request};
use kr_runtime::axum::response::Response;
use kr_runtime::prelude::*;
use std::cell::Cell;
use std::sync::Mutex;

#[derive(Clone, SharedState)]
#[shared_state(lock = "files")]
struct Files(u64);

struct Upload {
    parts: Vec<Bytes>,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let form = Multipart::from_request(request, state).await;
        let mut form = form.map_err(IntoResponse::into_response)?;
        let mut parts = Vec::new();
        while let Some(part) = form.next_field().await.map_err(IntoResponse::into_response)? {
            parts.push(part.bytes().await.map_err(IntoResponse::into_response)?);
        }
        Ok(Self { parts })
    }
}

#[kr_route(post, "/upload")]
#[locked("files")]
async fn upload(files: &mut Files, upload: Upload) -> String {
    files.0 += upload.parts.len() as u64;
    files.0.to_string()
}

/// A trait object has no auto traits but those that are written, so nothing tells that it is no stream.
struct Checked {
    body: Bytes,
    check: Box<dyn Fn(&Bytes) -> bool + Send + Sync>,
    reads: Mutex<Cell<u32>>,
}

impl std::panic::RefUnwindSafe for Checked {}

impl<S: Send + Sync> FromRequest<S> for Checked {
    type Rejection = BytesRejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, BytesRejection> {
        let body = Bytes::from_request(request, state).await?;
        let check = Box::new(|body: &Bytes| !body.is_empty());
        let reads = Mutex::default();
        Ok(Self { body, check, reads })
    }
}

#[kr_route(put, "/file")]
#[locked("files")]
fn put(files: &mut Files, file: Checked) {
    let reads = file.reads.lock().unwrap();
    reads.set(1);
    files.0 += u64::from((file.check)(&file.body));
}

type Input = Result<Json<u64>, JsonRejection>;

#[kr_route(put, "/number")]
#[locked("files")]
fn set(files: &mut Files, number: Input) {
    files.0 = number.map_or(0, |Json(number)| number);
}

#[kr_route(put, "/checked")]
#[locked("files")]
fn checked(files: &mut Files, file: Result<Checked, BytesRejection>) {
    files.0 += file.map_or(0, |file| file.body.len() as u64);
}

fn main() {}
