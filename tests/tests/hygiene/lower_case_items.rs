//! Items with lower-case names that a binding could have. In a pattern such a name means the constant and not a new variable,
//! and macro hygiene does not help against that.

#![allow(
    dead_code,
    non_camel_case_types,
    non_upper_case_globals,
    reason = "names that nobody should choose are the point"
)]

use axum::extract::Query;
use kr_runtime::prelude::*;
use kr_runtime::{Counter, LockKey, SharedMap};

const site: u8 = 0;
const request: &str = "request";
const output: () = ();
const each: usize = 0;
const argument_0: u64 = 0;
const argument_2: u64 = 2;
const state: bool = true;
const error: bool = false;
const entry: u8 = 0;
const field: u8 = 0;
static host: u8 = 0;
static keys: &[&str] = &[];
static commits: bool = true;
static argument_1: u64 = 1;
static parts: u8 = 0;
static text: &str = "text";
static value: u8 = 0;
struct states;
struct ran;
struct body;
struct answer;
struct route;
struct key(u8);
struct part(u8);
struct member(u8);

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Clone, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    looks: Counter,
}

#[derive(Clone, PartialEq, Eq, Hash, Deserialize, LockKey)]
struct CartId(u64);

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "cart:{id}")]
struct Cart(u64);

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "item:{cart}:{name}")]
struct Item(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
    page: Shared<Page>,
    carts: SharedMap<CartId, Cart>,
    items: SharedMap<(CartId, String), Item>,
}

#[derive(Deserialize)]
struct More {
    more: u64,
}

#[kr_route(get, "/visits")]
#[locked("visits")]
async fn visits(visits: &Visits, looks: &Counter) -> Result<Json<u64>, Problem> {
    looks.add(1)?;
    Ok(Json(visits.0))
}

#[kr_route(get, "/known", cached)]
#[locked("visits")]
fn known(visits: &Visits) -> Result<Json<u64>, Problem> {
    let known = visits.0.checked_add(0);
    known.map(Json).ok_or(Problem::not_found("it"))
}

#[kr_route(post, "/visit/{a}/{b}")]
#[locked("visits")]
fn visit(visits: &mut Visits, a: u64, b: u64, Query(More { more }): Query<More>, note: String) {
    visits.0 += a + b + more + note.len() as u64;
}

#[kr_route(post, "/cart/{id}")]
#[locked("cart:{id}")]
async fn add(cart: &mut Cart, id: CartId, Json(more): Json<u64>) -> Result<String, Problem> {
    cart.0 += more + id.0;
    Ok(cart.0.to_string())
}

#[kr_route(put, "/cart/{id}/{name}")]
#[locked("item:{id}:{name}", "cart:{id}", in_place)]
fn put(item: &mut Item, cart: &mut Cart, id: CartId, name: String) -> StatusCode {
    item.0 += 1;
    cart.0 += id.0 + name.len() as u64;
    StatusCode::NO_CONTENT
}

#[test]
fn bindings_of_the_generated_code_are_not_affected() {
    let app = App::new(
        "Site",
        Site {
            visits: Shared::new(Visits(0)),
            page: Shared::new(Page {
                looks: Counter::new(0),
            }),
            carts: SharedMap::new(),
            items: SharedMap::new(),
        },
    );
    let app = app.mount(routes![visits, known, visit, add, put]);
    assert!(app.into_router().is_ok());
}
