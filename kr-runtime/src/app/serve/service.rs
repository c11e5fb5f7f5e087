//! The requests of a connection.

use super::activity::{Activity, OpenRequest};
use super::request_body::RequestBody;
use super::response_body::ResponseBody;
use crate::http::{
    BodyBudget, BodyMeter, DispatchFuture, Dispatcher, Problem, StopToken, is_host_valid,
};
use axum::body::{Body, HttpBody};
use axum::extract::ConnectInfo;
use axum::http::{Request, Response, StatusCode};
use axum::response::IntoResponse;
use futures_util::future::{Either, Ready, ready};
use hyper::body::Incoming;
use hyper::service::Service;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll};

/// What the requests of all connections share.
pub(crate) struct Shared {
    pub(crate) dispatcher: Dispatcher,
    pub(crate) budget: Arc<BodyBudget>,
    pub(crate) stop: StopToken,
    pub(crate) header_limit: usize,
    /// Whether requests say where their clients are.
    pub(crate) has_connect_info: bool,
}

/// The requests of a connection.
pub(super) struct RequestService {
    pub(super) shared: Arc<Shared>,
    pub(super) activity: Arc<Activity>,
    /// The address of the client.
    pub(super) client: SocketAddr,
}

impl Service<Request<Incoming>> for RequestService {
    type Response = Response<ResponseBody>;
    type Error = Infallible;
    type Future = Responding;

    fn call(&self, request: Request<Incoming>) -> Responding {
        let open = OpenRequest::begin(&self.activity);
        let mut meter = None;
        let response = if is_host_valid(&request) {
            let mut request = match request.body().is_end_stream() {
                true => request.map(|_| Body::empty()),
                false => self.meter(request, &mut meter),
            };
            if self.shared.has_connect_info {
                request.extensions_mut().insert(ConnectInfo(self.client));
            }
            Either::Left(self.shared.dispatcher.respond(request))
        } else {
            let detail = "a request must have exactly one header `Host`, which names a host";
            let problem = Problem::new(StatusCode::BAD_REQUEST, detail);
            Either::Right(ready(Ok(problem.into_response())))
        };
        Responding {
            response,
            shared: Arc::clone(&self.shared),
            open: Some(open),
            meter,
        }
    }
}

impl RequestService {
    /// The request with a body that is measured.
    fn meter(
        &self,
        request: Request<Incoming>,
        meter: &mut Option<Arc<BodyMeter>>,
    ) -> Request<Body> {
        let new = BodyMeter::new(Arc::clone(&self.shared.budget));
        *meter = Some(Arc::clone(&new));
        let mut request = request.map(|incoming| {
            let activity = Arc::clone(&self.activity);
            Body::new(RequestBody::new(incoming, activity, Arc::clone(&new)))
        });
        request.extensions_mut().insert(new);
        request
    }
}

/// The future of a response.
pub(super) struct Responding {
    response: Either<DispatchFuture, Ready<Result<Response<Body>, Infallible>>>,
    shared: Arc<Shared>,
    open: Option<OpenRequest>,
    meter: Option<Arc<BodyMeter>>,
}

impl Future for Responding {
    type Output = Result<Response<ResponseBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Poll::Ready(Ok(response)) = Pin::new(&mut self.response).poll(context) else {
            return Poll::Pending;
        };
        if let Some(meter) = &self.meter {
            meter.release();
        }
        let open = self.open.take().expect("polled once after it was ready");
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            open.0.is_upgraded.store(true, Relaxed);
        }
        let (parts, body) = response.into_parts();
        let body = ResponseBody::new(body, &parts.headers, &self.shared.stop, open);
        Poll::Ready(Ok(Response::from_parts(parts, body)))
    }
}
