//! kr under another name: in a crate that re-exports it, by the path that this crate gives, and from its macros.

mod facade {
    pub(crate) mod web {
        pub(crate) use ::kr_runtime::*;
    }

    macro_rules! counter {
        ($state:ident, $handler:ident) => {
            #[derive(Clone, $crate::renamed::facade::web::SharedState)]
            #[shared_state(lock = "counter", crate = $crate::renamed::facade::web)]
            struct $state(u64);

            #[$crate::renamed::facade::web::kr_route(post, "/count", crate = $crate::renamed::facade::web)]
            #[$crate::renamed::facade::web::locked("counter")]
            fn $handler(state: &mut $state) -> String {
                state.0 += 1;
                state.0.to_string()
            }
        };
    }

    pub(crate) use counter;
}

use facade::counter;
use facade::web::prelude::*;

/// What the generated code must not reach for.
#[allow(dead_code)]
mod kr_runtime {}

#[derive(Clone, SharedState)]
#[shared_state(crate = crate::renamed::facade::web, lock = "visits")]
struct Visits(u64);

#[derive(Host)]
#[host(crate = crate::renamed::facade::web)]
struct Site {
    visits: Shared<Visits>,
    counts: Shared<Counts>,
}

counter!(Counts, count);

#[kr_route(post, "/visit/{a}/{b}", crate = crate::renamed::facade::web)]
#[locked("visits", timeout = "1s")]
async fn visit(
    visits: &mut Visits,
    a: u64,
    b: u64,
    Json(more): Json<u64>,
) -> Result<Json<u64>, Problem> {
    std::future::ready(()).await;
    visits.0 += a + b + more;
    Ok(Json(visits.0))
}

#[locked("visits")]
#[kr_route(get, "/visits", crate = crate::renamed::facade::web)]
fn visits(visits: &Visits) -> Json<&u64> {
    Json(&visits.0)
}

#[test]
fn its_path_can_be_told() {
    let site = Site {
        visits: Shared::new(Visits(0)),
        counts: Shared::new(Counts(0)),
    };
    let app = App::new("Site", site).mount(routes![visit, visits, count]);
    assert!(app.into_router().is_ok());
}
