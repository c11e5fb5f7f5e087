//! Methods, nesting in an existing application, and the limit on bodies.

use crate::{put, shop};
use http::{HeaderValue, Method, StatusCode};
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};

macro_rules! method_handlers {
    ($($method:ident)*) => {
        $(
            #[kr_route($method, "/method")]
            pub(super) fn $method() -> &'static str {
                stringify!($method)
            }
        )*
    };
}

mod methods {
    use kr_runtime::prelude::*;
    method_handlers!(get post put patch delete options trace);
}

#[tokio::test]
async fn every_method_of_axum_is_routed() {
    let app = App::new("Shop", shop())
        .mount(routes![
            methods::get,
            methods::post,
            methods::put,
            methods::patch,
            methods::delete
        ])
        .mount(routes![methods::options, methods::trace]);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    for name in ["get", "post", "put", "patch", "delete", "options", "trace"] {
        let method = name.to_uppercase().parse().unwrap();
        assert_eq!(client.send(method, "/method", None, "").await.text(), name);
    }
}

#[tokio::test]
async fn an_application_nests_in_another_one_with_its_layers() {
    async fn mark(
        request: axum::extract::Request,
        next: axum::middleware::Next,
    ) -> axum::response::Response {
        let mut response = next.run(request).await;
        response
            .headers_mut()
            .insert("x-layer", HeaderValue::from_static("seen"));
        response
    }
    let kr = App::new("Shop", shop())
        .mount(routes![put])
        .into_router()
        .unwrap();
    let outer = axum::Router::<String>::new()
        .route("/own", axum::routing::get(|| async { "own" }))
        .nest("/shop", kr.with_state(()))
        .layer(axum::middleware::from_fn(mark))
        .with_state(String::new());
    let mut client = Client::connect(serve(outer).await).await;
    assert_eq!(client.get("/own").await.text(), "own");
    let made = client.send(Method::PUT, "/shop/item/1", None, "x").await;
    assert_eq!(
        (made.status, made.header("x-layer")),
        (StatusCode::CREATED, "seen")
    );
    let wrong = client.send(Method::PATCH, "/shop/item/1", None, "x").await;
    let _ = wrong.problem(StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_smaller_body_limit_is_enforced() {
    let app = App::new("Shop", shop()).mount(routes![put]).body_limit(10);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    let fits = client
        .send(Method::PUT, "/item/1", None, "0123456789")
        .await;
    assert_eq!(fits.status, StatusCode::CREATED);
    let large = client
        .send(Method::PUT, "/item/1", None, "0123456789a")
        .await;
    let _ = large.problem(StatusCode::PAYLOAD_TOO_LARGE);
}
