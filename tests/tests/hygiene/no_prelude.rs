use ::kr_runtime::{
    Counter, Host, LockKey, Shared, SharedMap, SharedState, kr_route, locked, routes,
};

#[derive(::std::clone::Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(
    ::std::clone::Clone,
    ::std::cmp::PartialEq,
    ::std::cmp::Eq,
    ::std::hash::Hash,
    ::kr_runtime::prelude::Deserialize,
    LockKey,
)]
struct CartId(u64);

#[derive(::std::clone::Clone, ::std::default::Default, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart(u64);

#[derive(::std::clone::Clone, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    looks: Counter,
}

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
    carts: SharedMap<CartId, Cart>,
    page: Shared<Page>,
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

#[kr_route(post, "/cart/{id}/{more}")]
#[locked("cart:{id}", "visits", in_place)]
fn add(cart: &mut Cart, visits: &mut Visits, id: CartId, more: u64) {
    cart.0 += more;
    visits.0 += id.0;
}

#[kr_route(get, "/pair/{a}/{b}")]
#[locked("pair:{a}:{b}", exclusive)]
async fn pair(a: u64, b: CartId, looks: &Counter) {
    let _ = (a, b.0, looks.add(1));
}

#[test]
fn handlers_need_no_prelude() {
    let site = Site {
        visits: Shared::new(Visits(0)),
        carts: SharedMap::new(),
        page: Shared::new(Page {
            looks: Counter::new(0),
        }),
    };
    let app = ::kr_runtime::App::new("Site", site).mount(routes![visit, visits, add, pair]);
    ::std::assert!(app.into_router().is_ok());
}
