//! kr under another name: re-exported by a crate, used by the path of that crate, and from its macros.

mod facade {
    pub(crate) mod web {
        pub(crate) use ::kr_runtime::*;
    }

    macro_rules! counter {
        ($state:ident, $handler:ident) => {
            #[derive(Clone, $crate::renamed_crate::facade::web::SharedState)]
            #[shared_state(lock = "counter", crate = $crate::renamed_crate::facade::web)]
            struct $state(u64);

            #[$crate::renamed_crate::facade::web::kr_route(post, "/count", crate = $crate::renamed_crate::facade::web)]
            #[$crate::renamed_crate::facade::web::locked("counter")]
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
use facade::web::{Counter, LockKey, SharedMap};

/// The generated code must not use this module.
#[allow(dead_code)]
mod kr_runtime {}

#[derive(Clone, SharedState)]
#[shared_state(crate = crate::renamed_crate::facade::web, lock = "visits")]
struct Visits(u64);

#[derive(Clone, PartialEq, Eq, Hash, Deserialize, LockKey)]
#[lock_key(crate = crate::renamed_crate::facade::web)]
struct CartId(u64);

#[derive(Clone, Default, SharedState)]
#[shared_state(crate = crate::renamed_crate::facade::web, lock = "cart:{id}")]
struct Cart(u64);

#[derive(Clone, SharedState)]
#[shared_state(crate = crate::renamed_crate::facade::web, lock = "page")]
struct Page {
    looks: Counter,
}

#[derive(Host)]
#[host(crate = crate::renamed_crate::facade::web)]
struct Site {
    visits: Shared<Visits>,
    counts: Shared<Counts>,
    carts: SharedMap<CartId, Cart>,
    page: Shared<Page>,
}

counter!(Counts, count);

#[kr_route(post, "/visit/{a}/{b}", crate = crate::renamed_crate::facade::web)]
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

#[kr_route(post, "/cart/{id}", crate = crate::renamed_crate::facade::web)]
#[locked("cart:{id}", "visits", in_place)]
fn add(cart: &mut Cart, visits: &mut Visits, id: CartId, looks: &Counter) -> StatusCode {
    cart.0 += 1;
    visits.0 += id.0;
    match looks.add(1) {
        Ok(_) => StatusCode::OK,
        Err(_) => StatusCode::CONFLICT,
    }
}

#[locked("visits")]
#[kr_route(get, "/visits", crate = crate::renamed_crate::facade::web)]
fn visits(visits: &Visits) -> Json<&u64> {
    Json(&visits.0)
}

#[test]
fn the_path_of_the_crate_can_be_given() {
    let site = Site {
        visits: Shared::new(Visits(0)),
        counts: Shared::new(Counts(0)),
        carts: SharedMap::new(),
        page: Shared::new(Page {
            looks: Counter::new(0),
        }),
    };
    let app = App::new("Site", site).mount(routes![visit, visits, count, add]);
    assert!(app.into_router().is_ok());
}
