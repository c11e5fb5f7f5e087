//! The last response of a route, sent again until the next commit.

use super::if_none_match;
use super::not_modified::not_modified;
use crate::host::OwnedPlan;
use crate::transaction::Revisions;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::response::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::{FutureExt, StreamExt, stream};
use smallvec::SmallVec;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The last response of a route, and the commits that it was made from.
pub(crate) struct CachedResponse {
    /// The start of its entity tags, different from that of every other route, application and process.
    ///
    /// The tags are weak, since a layer around the router may compress the body.
    prefix: String,
    /// How many responses were made. No two have the same number, so equal tags mean equal bytes, whatever happened to the
    /// state in between.
    made: AtomicU64,
    last: Mutex<Option<Arc<StoredResponse>>>,
}

/// A response that can be sent again.
pub(super) struct StoredResponse {
    revisions: Revisions,
    parts: Parts,
    body: Bytes,
}

impl CachedResponse {
    pub(crate) fn new() -> Self {
        Self {
            prefix: format!("W/\"{:016x}-", RandomState::new().hash_one(())),
            made: AtomicU64::new(0),
            last: Mutex::default(),
        }
    }

    /// The last response, if the handler would make the same one now.
    pub(super) fn current(&self, plan: &OwnedPlan) -> Option<Arc<StoredResponse>> {
        let mut last = self.last();
        let known = last.as_ref()?;
        if plan.is_at(&known.revisions) {
            return Some(Arc::clone(known));
        }
        if !plan.is_past(&known.revisions) {
            // A change in place has begun, and may still be cancelled.
            return None;
        }
        // Freed before the next one is made, and outside the mutex.
        let outdated = last.take();
        drop(last);
        drop(outdated);
        None
    }

    /// The last response, if it was made of these revisions, of states that other processes change as well.
    pub(super) fn of_shared(
        &self,
        plan: &OwnedPlan,
        revisions: &Revisions,
    ) -> Option<Arc<StoredResponse>> {
        if !plan.is_shared() {
            return None;
        }
        let last = self.last();
        let known = last.as_ref()?;
        (known.revisions == *revisions).then(|| Arc::clone(known))
    }

    /// Stores a response that can be sent again, and sends it.
    pub(super) fn store(
        &self,
        response: Response,
        revisions: Revisions,
        headers: &HeaderMap,
    ) -> Response {
        if response.status() != StatusCode::OK {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        let body = match buffered_body(body, &mut parts.headers) {
            Ok(body) => body,
            Err(body) => return Response::from_parts(parts, body),
        };
        // A tag of the handler's own stays.
        let tag = parts.headers.entry(header::ETAG);
        tag.or_insert_with(|| self.next_tag());
        let response = Arc::new(StoredResponse {
            revisions,
            parts,
            body,
        });
        self.replace_last(response).response(headers)
    }

    /// Makes this the last response, and returns the one to send: if another request has stored one of the same commits
    /// meanwhile, that one, since clients have its tag. A response of later commits stays the last.
    fn replace_last(&self, response: Arc<StoredResponse>) -> Arc<StoredResponse> {
        let mut last = self.last();
        let replaced = match &*last {
            Some(known) if known.revisions == response.revisions => return Arc::clone(known),
            Some(known) if known.is_later_than(&response) => return response,
            _ => last.replace(Arc::clone(&response)),
        };
        // Freed outside the mutex.
        drop(last);
        drop(replaced);
        response
    }

    fn next_tag(&self) -> HeaderValue {
        let mut number = self.made.fetch_add(1, Ordering::Relaxed);
        let mut tag = SmallVec::<[u8; 40]>::from_slice(self.prefix.as_bytes());
        // The lowest digit first: nobody reads it as a number, and formatting would be a third of the cost of storing.
        loop {
            tag.push(b"0123456789abcdef"[(number % 16) as usize]);
            number /= 16;
            if number == 0 {
                break;
            }
        }
        tag.push(b'"');
        HeaderValue::from_bytes(&tag).expect("hexadecimal digits in quotes")
    }

    fn last(&self) -> MutexGuard<'_, Option<Arc<StoredResponse>>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StoredResponse {
    /// Revisions only grow, and none is used twice.
    fn is_later_than(&self, other: &Self) -> bool {
        let mut each = self.revisions.iter().zip(&other.revisions);
        each.any(|(here, there)| here.revision > there.revision)
    }

    pub(super) fn response(&self, headers: &HeaderMap) -> Response {
        let tag = self.parts.headers.get(header::ETAG);
        if tag.is_some_and(|tag| if_none_match::matches(headers, tag)) {
            return not_modified(&self.parts);
        }
        Response::from_parts(self.parts.clone(), Body::from(self.body.clone()))
    }
}

/// The bytes of a body that is in memory. Other bodies come back unchanged, but for a header with their length.
pub(super) fn buffered_body(body: Body, headers: &mut HeaderMap) -> Result<Bytes, Body> {
    let Some(size) = body.size_hint().exact() else {
        return Err(body);
    };
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let mut rest = body.into_data_stream();
    match rest.next().now_or_never() {
        Some(Some(Ok(bytes))) if rest.is_end_stream() => Ok(bytes),
        // It is not there yet.
        None => Err(Body::new(rest)),
        Some(first) => {
            // A stream does not know what the body knew.
            let length = headers.entry(header::CONTENT_LENGTH);
            length.or_insert_with(|| size.into());
            Err(Body::from_stream(stream::iter(first).chain(rest)))
        }
    }
}
