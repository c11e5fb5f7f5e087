//! An answer that depends on the state alone: made once for each commit, and answered from its bytes until the next.

use crate::host::multi_state::Mixed;
use crate::http::bound_handler::{Located, Site, fixed};
use crate::http::if_none_match;
use crate::http::observation::{Observation, Outcome};
use crate::http::response_future::{Answering, answering};
use crate::transaction::access_plan::Revisions;
use crate::transaction::active::States;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::response::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use futures_util::{FutureExt, StreamExt, stream};
use smallvec::SmallVec;
use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::mem;
use std::panic::RefUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A handler whose answer depends on the borrowed states alone, so that it runs once for each commit.
pub fn read_cached(
    site: Arc<Site>,
    request: Request,
    run: impl FnOnce(&mut States) -> Response + Send + 'static,
) -> Answering {
    reading_cached(site, request, Box::new(run))
}

fn reading_cached(
    site: Arc<Site>,
    mut request: Request,
    run: Box<dyn FnOnce(&mut States) -> Response + Send>,
) -> Answering {
    let mut observation = Observation::begin(site.meta);
    let asked = mem::take(request.headers_mut());
    answering(site.meta, observation.span(), async move {
        let Located(plan) = fixed(&(), &site);
        let response = match site.last_answer.of(&plan) {
            Some(answer) => answer.response(&asked),
            None => match site.load(&plan, Mixed::load_at).await {
                Ok((mut states, revisions)) => {
                    let response = run(&mut states);
                    site.last_answer.keep(response, revisions, &asked)
                }
                Err(error) => return observation.refused(&error, site.refuse(&error)),
            },
        };
        observation.end(Outcome::Read);
        response
    })
}

/// The last answer of a route, and the commits that it was made from.
pub(crate) struct LastAnswer {
    /// What its entity tags start with, unlike those of every other route, application and process.
    ///
    /// They are weak, since a layer around the router may compress the body.
    prefix: String,
    /// How many answers were made. No two have the same number, so equal tags are equal bytes, whatever became of the state in
    /// between.
    made: AtomicU64,
    last: Mutex<Option<Arc<Answer>>>,
}

/// An answer that can be given again.
struct Answer {
    revisions: Revisions,
    parts: Parts,
    body: Bytes,
}

impl LastAnswer {
    pub(crate) fn new() -> Self {
        Self {
            prefix: format!("W/\"{:016x}-", RandomState::new().hash_one(())),
            made: AtomicU64::new(0),
            last: Mutex::default(),
        }
    }

    /// The last answer, if that is what the handler would answer now.
    fn of(&self, plan: &Mixed) -> Option<Arc<Answer>> {
        let mut last = self.last();
        let known = last.as_ref()?;
        if plan.is_at(&known.revisions) {
            return Some(Arc::clone(known));
        }
        if !plan.is_past(&known.revisions) {
            // A change in place has begun, and may yet be given up.
            return None;
        }
        // It is freed before the next one is made, and not while others wait.
        let outdated = last.take();
        drop(last);
        drop(outdated);
        None
    }

    /// Keeps an answer that can be given again, and gives it.
    fn keep(&self, response: Response, revisions: Revisions, asked: &HeaderMap) -> Response {
        if response.status() != StatusCode::OK {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        let body = match whole(body, &mut parts.headers) {
            Ok(body) => body,
            Err(body) => return Response::from_parts(parts, body),
        };
        // One of the handler's own is not replaced.
        let tag = parts.headers.entry(header::ETAG);
        tag.or_insert_with(|| self.next_tag());
        let answer = Arc::new(Answer {
            revisions,
            parts,
            body,
        });
        self.last_with(answer).response(asked)
    }

    /// Makes this the last answer, and returns what is to be answered: another one of the same commits, if there is one by now,
    /// since its tag has been given away. One of later commits stays the last.
    fn last_with(&self, answer: Arc<Answer>) -> Arc<Answer> {
        let mut last = self.last();
        let replaced = match &*last {
            Some(known) if known.revisions == answer.revisions => return Arc::clone(known),
            Some(known) if known.is_later_than(&answer) => return answer,
            _ => last.replace(Arc::clone(&answer)),
        };
        // It is freed when nobody has to wait for that.
        drop(last);
        drop(replaced);
        answer
    }

    fn next_tag(&self) -> HeaderValue {
        let mut number = self.made.fetch_add(1, Ordering::Relaxed);
        let mut tag = SmallVec::<[u8; 40]>::from_slice(self.prefix.as_bytes());
        // The lowest digit first: nobody reads it as a number, and formatting would be a third of what keeping an answer costs.
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

    fn last(&self) -> MutexGuard<'_, Option<Arc<Answer>>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Answer {
    /// Revisions only grow.
    fn is_later_than(&self, other: &Self) -> bool {
        let mut each = self.revisions.iter().zip(&other.revisions);
        each.any(|(here, there)| here > there)
    }

    fn response(&self, asked: &HeaderMap) -> Response {
        let tag = self.parts.headers.get(header::ETAG);
        if tag.is_some_and(|tag| if_none_match::names(asked, tag)) {
            return self.not_modified();
        }
        Response::from_parts(self.parts.clone(), Body::from(self.body.clone()))
    }

    /// For a client that has it already.
    fn not_modified(&self) -> Response {
        // RFC 9110, section 15.4.5. hyper adds the date.
        const KEPT: [header::HeaderName; 6] = [
            header::ETAG,
            header::CACHE_CONTROL,
            header::CONTENT_LOCATION,
            header::DATE,
            header::EXPIRES,
            header::VARY,
        ];
        // Of a body that says it is empty, axum would say so in a header that speaks of the answer that is not sent.
        let nothing = stream::empty::<Result<Bytes, Infallible>>();
        let mut response = Response::new(Body::from_stream(nothing));
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.extensions_mut() = self.parts.extensions.clone();
        let headers = response.headers_mut();
        let kept = self.parts.headers.iter();
        for (name, value) in kept.filter(|(name, _)| KEPT.contains(name)) {
            headers.append(name.clone(), value.clone());
        }
        response
    }
}

/// The bytes of a body that is there as a whole. Others are as they were, but for a header that says how long they are.
fn whole(body: Body, headers: &mut HeaderMap) -> Result<Bytes, Body> {
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

/// A state that only commits change, as far as its type tells, so that an answer can be made from it once for each commit.
///
/// A [`Counter`](crate::Counter) anywhere in it is counted without one, and makes it none, unless it is behind a mutex of the
/// standard library, of whose inside nothing is known.
#[diagnostic::on_unimplemented(
    message = "an answer made from `{Self}` cannot be cached: something in it changes without a commit",
    label = "has a `Counter` in it, or something else that is changed through `&`",
    note = "remove `cached` from the route [KR0023]"
)]
pub trait Settled {}

#[diagnostic::do_not_recommend]
impl<S: RefUnwindSafe + ?Sized> Settled for S {}

/// Is there for its bound.
pub const fn settled<S: Settled + ?Sized>() {}
