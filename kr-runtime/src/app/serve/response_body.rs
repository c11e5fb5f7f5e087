//! The body of a response, as it goes out.

use super::activity::OpenRequest;
use crate::http::StopToken;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, header};
use futures_util::future::BoxFuture;
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The body of a response. Its request is open as long as it is there.
pub(super) struct ResponseBody {
    body: Body,
    /// Of an event stream, which ends when the server stops: the client opens another one when there is a server again.
    stop: Option<BoxFuture<'static, ()>>,
    _open: OpenRequest,
}

impl ResponseBody {
    pub(super) fn new(
        body: Body,
        headers: &HeaderMap,
        stop: &StopToken,
        open: OpenRequest,
    ) -> Self {
        let is_stream = body.size_hint().exact().is_none() && is_event_stream(headers);
        let stop = is_stream.then(|| until_stop(stop.clone()));
        Self {
            body,
            stop,
            _open: open,
        }
    }
}

fn until_stop(stop: StopToken) -> BoxFuture<'static, ()> {
    Box::pin(async move { stop.requested().await })
}

fn is_event_stream(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"))
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if frame.is_pending()
            && let Some(stop) = &mut self.stop
            && stop.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(None);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
