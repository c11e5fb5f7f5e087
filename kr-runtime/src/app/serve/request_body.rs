//! The body of a request, as it comes in.

use super::activity::Activity;
use crate::http::{BodyFailure, BodyMeter};
use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};

/// The body of a request. It counts the bytes that are in memory, and fails if it comes too slowly.
pub(super) struct RequestBody {
    incoming: Incoming,
    activity: Arc<Activity>,
    meter: Arc<BodyMeter>,
}

impl RequestBody {
    pub(super) fn new(incoming: Incoming, activity: Arc<Activity>, meter: Arc<BodyMeter>) -> Self {
        Self {
            incoming,
            activity,
            meter,
        }
    }

    fn fail<T>(
        &self,
        failure: BodyFailure,
    ) -> Poll<Option<Result<T, Box<dyn Error + Send + Sync>>>> {
        self.meter.fail(failure);
        Poll::Ready(Some(Err(failure.message().into())))
    }
}

impl HttpBody for RequestBody {
    type Data = Bytes;
    type Error = Box<dyn Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = match Pin::new(&mut self.incoming).poll_frame(context) {
            Poll::Ready(frame) => frame,
            Poll::Pending => {
                return match self.activity.wait_for_body(context) {
                    Some(failure) => self.fail(failure),
                    None => Poll::Pending,
                };
            }
        };
        self.activity.is_waiting_for_body.store(false, Relaxed);
        if let Some(Ok(frame)) = &frame
            && let Some(bytes) = frame.data_ref()
            && !self.meter.hold(bytes.len())
        {
            return self.fail(BodyFailure::OutOfMemory);
        }
        if frame.is_none() || self.incoming.is_end_stream() {
            self.meter.complete();
        }
        Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

impl Drop for RequestBody {
    fn drop(&mut self) {
        self.activity.is_waiting_for_body.store(false, Relaxed);
        if !self.meter.is_complete() {
            self.activity.has_unread_body.store(true, Relaxed);
        }
    }
}
