//! What a handler was shown of a keyed state, code sees from then on, too: at no moment of a commit is there a difference.

use axum::response::Response;
use futures_util::future::BoxFuture;
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

/// A request that waits until the change is over, and what code saw as soon as that had been answered.
struct Onlooker {
    shop: Shop,
    request: Mutex<Option<BoxFuture<'static, Result<Response, Infallible>>>>,
    seen: Mutex<Option<u64>>,
}

static ONLOOKER: Mutex<Option<Arc<Onlooker>>> = Mutex::new(None);

#[kr_route(post, "/cart/{id}")]
#[locked("cart:{id}", in_place)]
fn add(_id: u64, cart: &mut Cart) -> StatusCode {
    cart.0 += 1;
    let onlooker = ONLOOKER.lock().unwrap().clone().unwrap();
    let waker = Waker::from(Arc::clone(&onlooker));
    assert!(!onlooker.looks(&waker), "half of a change shows");
    StatusCode::NO_CONTENT
}

#[kr_route(get, "/cart/{id}")]
#[locked("cart:{id}")]
fn look(_id: u64, cart: &Cart) -> Json<u64> {
    assert_eq!(cart.0, 1, "there is nothing else to be shown");
    Json(cart.0)
}

impl Onlooker {
    /// Whether the request has been answered now.
    fn looks(&self, waker: &Waker) -> bool {
        let mut request = self.request.lock().unwrap();
        let Some(asked) = request.as_mut() else {
            return true;
        };
        let answer = asked.as_mut().poll(&mut Context::from_waker(waker));
        if let Poll::Ready(answer) = answer {
            assert_eq!(answer.unwrap().status(), StatusCode::OK);
            *request = None;
            *self.seen.lock().unwrap() = Some(self.shop.carts.read(&7).0);
            return true;
        }
        false
    }
}

impl Wake for Onlooker {
    /// Is called in the middle of the commit, when there is something to see.
    fn wake(self: Arc<Self>) {
        self.looks(Waker::noop());
    }
}

#[tokio::test]
async fn what_a_handler_was_shown_in_the_middle_of_a_commit_code_sees_too() {
    let shop = Shop {
        carts: SharedMap::new(),
    };
    let app = App::new("Shop", shop.clone()).mount(routes![add, look]);
    let router = app.into_router().unwrap();
    let request = |method: &str| {
        let request = Request::builder().method(method).uri("/cart/7");
        request.body(axum::body::Body::empty()).unwrap()
    };
    let onlooker = Arc::new(Onlooker {
        request: Mutex::new(Some(Box::pin(router.clone().oneshot(request("GET"))))),
        shop,
        seen: Mutex::default(),
    });
    *ONLOOKER.lock().unwrap() = Some(Arc::clone(&onlooker));
    let changed = router.oneshot(request("POST")).await.unwrap();
    assert_eq!(changed.status(), StatusCode::NO_CONTENT);
    assert_eq!(*onlooker.seen.lock().unwrap(), Some(1));
}
