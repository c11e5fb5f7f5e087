//! A route's path may be a constant that other code uses as well. Everything that shows the path shows its text.

use http::StatusCode;
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use std::time::Duration;

mod paths {
    pub(super) const VISITS: &str = concat!("/shop", "/visits");
}

const HEALTH: &str = "/health";

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Clone, Host)]
struct Site {
    visits: Shared<Visits>,
}

#[kr_route(get, HEALTH)]
fn health() -> &'static str {
    "ok"
}

#[kr_route(get, paths::VISITS, cached)]
#[locked("visits")]
fn visits(visits: &Visits) -> Json<u64> {
    Json(visits.0)
}

#[kr_route(post, paths::VISITS, idempotent)]
#[locked("visits")]
fn visit(visits: &mut Visits) -> Json<u64> {
    visits.0 += 1;
    Json(visits.0)
}

#[kr_route(post, self::paths::VISITS)]
#[locked("visits")]
async fn visit_slowly(visits: &mut Visits, stop: kr_runtime::StopToken) -> StatusCode {
    visits.0 += 1;
    stop.requested().await;
    StatusCode::OK
}

#[tokio::test]
async fn a_constant_path_is_served_as_one_that_is_written_out() {
    let site = Site {
        visits: Shared::new(Visits::default()),
    };
    let app = App::new("Site", site)
        .mount(routes![health, visits, visit])
        .mount_at("/slow", routes![visit_slowly]);
    let locks = app.locks();
    let address = serve(app.into_router().unwrap()).await;
    let mut client = Client::connect(address).await;
    assert_eq!(client.get(HEALTH).await.text(), "ok");
    assert_eq!(client.post("/shop/visits").await.json(), 1);
    assert_eq!(client.get(paths::VISITS).await.json(), 1);
    let wrong = client.delete("/shop/visits").await;
    assert_eq!(wrong.status, StatusCode::METHOD_NOT_ALLOWED);

    // The label of the handler that holds the lock has the text of the path, with its prefix.
    let holding = tokio::spawn(async move {
        let mut other = Client::connect(address).await;
        other.post("/slow/shop/visits").await;
    });
    let holder = loop {
        let list = locks.list();
        if let Some(holder) = list.into_iter().find_map(|lock| lock.holder) {
            break holder.call_site;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    };
    assert_eq!(holder, "route `visit_slowly` (POST /slow/shop/visits)");
    holding.abort();
}
