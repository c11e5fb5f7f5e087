//! What a request with an `Idempotency-Key` asks for, and whether that was done already.

use super::key::key;
use super::settings::IdempotentCalls;
use super::stored_response::decode;
use crate::check::HandlerInfo;
use crate::http::extract::FromBody;
use crate::http::problem::Problem;
use crate::store::{Claim, Hash, RunningCall};
use crate::sync::log;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Claims the call that the request asks for, and returns the request as it was. If the call was done, is running, or is
/// another one, the response that says so.
pub(super) async fn claim(
    calls: &IdempotentCalls,
    info: &HandlerInfo,
    request: Request,
) -> Result<(Request, RunningCall), Response> {
    let key = key(request.headers()).map_err(IntoResponse::into_response)?;
    let (parts, body) = request.into_parts();
    let body = Request::from_parts(parts.clone(), body);
    let body = <Bytes as FromBody<_>>::extract(body).await?;
    let client = hash(&[calls.client(&parts).as_bytes()]);
    let id = hash(&[&client, key.as_bytes()]);
    // A router around the application may have cut the start of the path off.
    let target = parts
        .uri
        .path_and_query()
        .map_or("", |target| target.as_str());
    let asked = hash(&[
        parts.method.as_str().as_bytes(),
        info.path.as_bytes(),
        target.as_bytes(),
        &body,
    ]);
    let claim = match calls.responses.claim(id, client, asked) {
        Claim::New(call) => calls.responses.kept_elsewhere(call).await,
        claim => Ok(claim),
    };
    let claim = claim.map_err(|reason| {
        log::warn!(route = %info, reason, "the store cannot say whether a request was done");
        Problem::unavailable("it is not known whether this request was done; try again")
            .into_response()
    })?;
    match claim {
        Claim::New(call) => Ok((Request::from_parts(parts, Body::from(body)), call)),
        Claim::Kept(kept) => Err(match decode(&kept) {
            Some(mut response) => {
                let replayed = HeaderValue::from_static("true");
                response.headers_mut().insert(REPLAYED, replayed);
                response
            }
            None => {
                log::error!(route = %info, "a response that the store has kept cannot be read");
                Problem::internal().into_response()
            }
        }),
        Claim::Running => Err(running()),
        Claim::OtherRequest => {
            let detail = "this `Idempotency-Key` was used for another request; use a new one";
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, detail).into_response())
        }
    }
}

fn running() -> Response {
    let detail = "the request with this `Idempotency-Key` is still running; try again";
    let mut response = Problem::conflict(detail).into_response();
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// Of parts that cannot be confused with others: each is hashed with its length.
fn hash(parts: &[&[u8]]) -> Hash {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
