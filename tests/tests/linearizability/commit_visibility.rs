//! Once a handler has read a commit of a keyed state, code outside handlers reads it as well: no moment of a commit shows a
//! difference.

use axum::response::Response;
use futures_util::future::{BoxFuture, FutureExt};
use http::Request;
use kr_runtime::SharedMap;
use kr_runtime::prelude::*;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use tower::ServiceExt;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart(u64);

#[derive(Clone, Host)]
struct Shop {
    carts: SharedMap<u64, Cart>,
}

/// A read request that waits for the commit, and what `SharedMap` said as soon as that request had its response: the value,
/// and the number of instances.
struct Observer {
    shop: Shop,
    request: Mutex<Option<BoxFuture<'static, Result<Response, Infallible>>>>,
    seen: Mutex<Option<(u64, usize)>>,
}

static OBSERVER: Mutex<Option<Arc<Observer>>> = Mutex::new(None);

#[kr_route(post, "/cart/{id}")]
#[locked("cart:{id}", in_place)]
fn add(_id: u64, cart: &mut Cart) -> StatusCode {
    cart.0 += 1;
    let observer = OBSERVER.lock().unwrap().clone().unwrap();
    let waker = Waker::from(Arc::clone(&observer));
    assert!(
        !observer.poll_request(&waker),
        "an uncommitted change is visible"
    );
    StatusCode::NO_CONTENT
}

#[kr_route(get, "/cart/{id}")]
#[locked("cart:{id}")]
fn read(_id: u64, cart: &Cart) -> Json<u64> {
    assert_eq!(cart.0, 1, "the response is made from the commit");
    Json(cart.0)
}

impl Observer {
    /// Polls the read request. Returns whether it has its response.
    fn poll_request(&self, waker: &Waker) -> bool {
        let mut request = self.request.lock().unwrap();
        let Some(pending) = request.as_mut() else {
            return true;
        };
        let response = pending.as_mut().poll(&mut Context::from_waker(waker));
        if let Poll::Ready(response) = response {
            assert_eq!(response.unwrap().status(), StatusCode::OK);
            *request = None;
            let cart = self.shop.carts.latest(&7).unwrap().0;
            let count = self.shop.carts.len().now_or_never().unwrap().unwrap();
            *self.seen.lock().unwrap() = Some((cart, count));
            return true;
        }
        false
    }
}

impl Wake for Observer {
    /// Called in the middle of the commit, once it is visible.
    fn wake(self: Arc<Self>) {
        self.poll_request(Waker::noop());
    }
}

#[tokio::test]
async fn a_commit_that_a_handler_has_read_is_visible_outside_handlers() {
    let shop = Shop {
        carts: SharedMap::new(),
    };
    let app = App::new("Shop", shop.clone()).mount(routes![add, read]);
    let router = app.into_router().unwrap();
    let request = |method: &str| {
        let request = Request::builder().method(method).uri("/cart/7");
        request.body(axum::body::Body::empty()).unwrap()
    };
    let observer = Arc::new(Observer {
        request: Mutex::new(Some(Box::pin(router.clone().oneshot(request("GET"))))),
        shop,
        seen: Mutex::default(),
    });
    *OBSERVER.lock().unwrap() = Some(Arc::clone(&observer));
    let updated = router.oneshot(request("POST")).await.unwrap();
    assert_eq!(updated.status(), StatusCode::NO_CONTENT);
    assert_eq!(*observer.seen.lock().unwrap(), Some((1, 1)));
}
