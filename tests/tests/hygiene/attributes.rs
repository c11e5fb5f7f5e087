use kr_runtime::prelude::*;
use kr_runtime::{Problem, locked as with_lock};

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
pub(crate) struct Visits(pub(crate) u64);

#[derive(Host)]
pub(crate) struct Site {
    pub(crate) visits: Shared<Visits>,
}

/// The documentation stays on the function.
#[allow(clippy::let_and_return)]
#[kr_route(post, "/documented")]
#[must_use]
#[locked("visits")]
#[doc(alias = "count")]
#[inline]
fn documented(visits: &mut Visits, body: String) -> String {
    visits.0 += 1;
    body
}

#[locked("visits", timeout = "2s", hold_timeout = "1m")]
#[kr_route(post, "/other-order")]
async fn other_order(visits: &mut Visits) -> Result<String, Problem> {
    std::future::ready(()).await;
    visits.0 += 1;
    Ok(visits.0.to_string())
}

#[kr_runtime::kr_route(post, "/by-path")]
#[kr_runtime::locked("visits")]
fn by_path(mut visits: &mut Visits) {
    visits.0 += 1;
    visits = std::convert::identity(visits);
    visits.0 += 1;
}

#[kr_runtime::locked("visits")]
#[kr_runtime::kr_route(post, "/by-path-too")]
fn by_path_too(visits: &mut Visits) {
    visits.0 += 1;
}

#[kr_route(post, "/only")]
#[locked("index", exclusive)]
fn only() -> impl IntoResponse {
    StatusCode::OK
}

#[kr_route(post, "/opaque")]
#[locked("visits")]
async fn opaque(visits: &mut Visits) -> Result<impl IntoResponse + use<>, Problem> {
    visits.0 += 1;
    std::future::ready(()).await;
    Ok(Json(visits.0))
}

#[cfg(not(test))]
#[kr_route(post, "/nowhere")]
#[locked("no such lock")]
fn cfg(visits: &mut Nothing) {}

#[kr_route(post, "/here")]
#[cfg(test)]
#[locked("visits")]
fn cfg(visits: &mut Visits) {
    visits.0 += 1;
}

#[kr_route(post, "/cfg-attr")]
#[cfg_attr(test, must_use)]
fn cfg_attr() -> &'static str {
    "here"
}

#[allow(unused)]
fn the_import_is_used(_: Visits) {
    #[with_lock("visits")]
    #[kr_route(get, "/renamed")]
    fn renamed(visits: &Visits) -> String {
        visits.0.to_string()
    }
}

pub(crate) fn site() -> Site {
    Site {
        visits: Shared::new(Visits(0)),
    }
}

#[test]
fn all_combinations_of_attributes_are_routes() {
    let app = App::new("Site", site()).mount(routes![
        documented,
        other_order,
        by_path,
        by_path_too,
        only,
        opaque,
        cfg,
        cfg_attr,
    ]);
    assert!(app.into_router().is_ok());
    let mut visits = Visits(0);
    assert_eq!(documented(&mut visits, "a".to_owned()), "a");
    by_path(&mut visits);
    assert_eq!(visits.0, 3);
}
