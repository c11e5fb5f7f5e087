//! Extracting from a large body, away from the workers.
//!
//! To decode 29 MB takes a second, in which a worker would answer nobody. So the body of a large request stops before its
//! end, and the extractor goes on from there on a thread of its own. That works for whatever reads the whole body; an
//! extractor that returns earlier, with a stream, never comes to the end.

use super::body_meter::BodyFailure;
use super::rejection;
use crate::snapshot::inherit;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::response::Response;
use futures_util::task::AtomicWaker;
use hyper::body::{Frame, SizeHint};
use std::future::poll_fn;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::{Context, Poll};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;

/// Smaller bodies are decoded in less time than it takes others to notice.
const LARGE: u64 = 1_000_000;

/// Whether the body is large, or may be.
pub(super) fn may_be_large(request: &Request) -> bool {
    let size = request.body().size_hint();
    size.exact().is_none_or(|size| size > LARGE)
}

/// Extracts with this function. What comes after the end of a large body is done on a thread of its own.
pub(super) async fn extract<X, F>(
    request: Request,
    extract: impl FnOnce(Request) -> F,
) -> Result<X, Response>
where
    X: Send + 'static,
    F: Future<Output = Result<X, Response>> + Send + 'static,
{
    let gate = Arc::<Gate>::default();
    let (of_body, runtime) = (Arc::clone(&gate), Handle::current());
    let request = request.map(|body| Body::new(GatedBody::new(body, of_body)));
    let mut extracting = Box::pin(extract(request));
    let extracted = poll_fn(|context| {
        gate.extracting.register(context.waker());
        match extracting.as_mut().poll(context) {
            Poll::Ready(extracted) => Poll::Ready(Some(extracted)),
            Poll::Pending if gate.is_reached.load(SeqCst) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    });
    if let Some(extracted) = extracted.await {
        return extracted;
    }
    gate.open();
    let extracting = inherit(extracting);
    let extracting = move || runtime.block_on(extracting).map_err(Box::new);
    match spawn_blocking(extracting).await {
        Ok(extracted) => extracted.map_err(|rejection| *rejection),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime shuts down.
            Err(_) => Err(rejection::of_body(BodyFailure::Stopping)),
        },
    }
}

/// Where a large body waits before its end, until the extractor is on a thread of its own.
#[derive(Default)]
struct Gate {
    is_reached: AtomicBool,
    is_open: AtomicBool,
    /// The task that polls the extractor, and the one that polls the body. An extractor may read the body in another task.
    extracting: AtomicWaker,
    reading: AtomicWaker,
}

impl Gate {
    fn reach(&self, context: &Context<'_>) {
        self.reading.register(context.waker());
        self.is_reached.store(true, SeqCst);
        self.extracting.wake();
    }

    fn open(&self) {
        self.is_open.store(true, SeqCst);
        self.reading.wake();
    }
}

/// A body that waits at the gate before its end, if it is large.
struct GatedBody {
    body: Body,
    gate: Arc<Gate>,
    received: u64,
    has_ended: bool,
}

impl GatedBody {
    fn new(body: Body, gate: Arc<Gate>) -> Self {
        Self {
            body,
            gate,
            received: 0,
            has_ended: false,
        }
    }
}

impl HttpBody for GatedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if !self.has_ended {
            let frame = Pin::new(&mut self.body).poll_frame(context);
            if let Poll::Ready(Some(Ok(frame))) = &frame {
                self.received += frame.data_ref().map_or(0, |bytes| bytes.len() as u64);
            }
            self.has_ended = matches!(frame, Poll::Ready(None));
            if !self.has_ended {
                return frame;
            }
        }
        if self.received > LARGE && !self.gate.is_open.load(SeqCst) {
            self.gate.reach(context);
            // It may have been opened meanwhile.
            if !self.gate.is_open.load(SeqCst) {
                return Poll::Pending;
            }
        }
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
