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
use facade::web::{Counter, LockKey, SharedMap};

/// What the generated code must not reach for.
#[allow(dead_code)]
mod kr_runtime {}

#[derive(Clone, SharedState)]
#[shared_state(crate = crate::renamed::facade::web, lock = "visits")]
struct Visits(u64);

#[derive(Clone, PartialEq, Eq, Hash, Deserialize, LockKey)]
#[lock_key(crate = crate::renamed::facade::web)]
struct CartId(u64);

#[derive(Clone, Default, SharedState)]
#[shared_state(crate = crate::renamed::facade::web, lock = "cart:{id}")]
struct Cart(u64);

#[derive(Clone, SharedState)]
#[shared_state(crate = crate::renamed::facade::web, lock = "page")]
struct Page {
    looks: Counter,
}

#[derive(Host)]
#[host(crate = crate::renamed::facade::web)]
struct Site {
    visits: Shared<Visits>,
    counts: Shared<Counts>,
    carts: SharedMap<CartId, Cart>,
    page: Shared<Page>,
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

#[kr_route(post, "/cart/{id}", crate = crate::renamed::facade::web)]
#[locked("cart:{id}", "visits", in_place)]
fn add(cart: &mut Cart, visits: &mut Visits, id: CartId, looks: &Counter) -> Result<(), Problem> {
    cart.0 += 1;
    visits.0 += id.0;
    looks.add(1)?;
    Ok(())
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
        carts: SharedMap::new(),
        page: Shared::new(Page {
            looks: Counter::new(0),
        }),
    };
    let app = App::new("Site", site).mount(routes![visit, visits, count, add]);
    assert!(app.into_router().is_ok());
}
