use ::kr_runtime::{Host, Shared, SharedState, kr_route, locked, routes};

#[derive(::std::clone::Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

#[kr_route(get, "/visits/{id}")]
#[locked("visits")]
async fn visits(visits: &Visits, id: u64) -> ::kr_runtime::prelude::Json<u64> {
    ::kr_runtime::prelude::Json(visits.0 + id)
}

#[test]
fn none_is_needed() {
    let site = Site {
        visits: Shared::new(Visits(0)),
    };
    let app = ::kr_runtime::App::new("Site", site).mount(routes![visit, visits]);
    ::std::assert!(app.into_router().is_ok());
}
