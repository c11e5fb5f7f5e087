#![allow(dead_code, non_camel_case_types)]

use ::kr_runtime::prelude::{Host, Shared, SharedState, kr_route, locked, routes};
use ::kr_runtime::{Counter as Number, LockKey, SharedMap};

struct Result;
struct Option;
struct String;
struct Box;
struct Vec;
struct Arc;
trait Send {}
trait Sync {}
trait Clone {}
trait From {}
trait Future {}
trait Handler {}
trait Holds {}
trait ProvidesKeyed {}
struct KeyWriter;
struct Counter;
struct Keys;
trait Route {}
trait IntoResponse {}
#[allow(non_snake_case)]
fn Ok() {}
#[allow(non_snake_case)]
fn Err() {}
#[allow(non_snake_case)]
fn Some() {}
#[allow(non_upper_case_globals)]
const None: u8 = 0;
mod core {}
mod std {}
mod kr_runtime {}
mod axum {}

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
struct Cart(u64, Number);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
    carts: SharedMap<CartId, Cart>,
}

#[kr_route(post, "/visit/{a}/{b}")]
#[locked("visits", timeout = "1s")]
async fn visit(
    visits: &mut Visits,
    a: u64,
    b: u64,
    body: ::std::string::String,
) -> ::std::result::Result<::std::string::String, ::kr_runtime::Problem> {
    visits.0 += a + b;
    ::std::result::Result::Ok(body)
}

#[kr_route(get, "/visits")]
#[locked("visits")]
fn visits(visits: &Visits) -> ::std::string::String {
    ::std::string::ToString::to_string(&visits.0)
}

// Names that the generated code uses itself.
#[kr_route(post, "/cart/{kr_keys}/{kr_bound_handler}")]
#[locked(
    "cart:{kr_keys}",
    "visits",
    "other:{kr_bound_handler}:{kr_keys}",
    exclusive
)]
fn key(kr_keys: CartId, kr_bound_handler: u64, kr_states: &mut Cart, kr_borrows: &Visits) {
    kr_states.0 += kr_keys.0 + kr_bound_handler + kr_borrows.0;
}

#[test]
fn generated_code_does_not_use_the_prelude() {
    let site = Site {
        visits: Shared::new(Visits(0)),
        carts: SharedMap::new(),
    };
    let app = ::kr_runtime::App::new("Site", site).mount(routes![visit, visits, key]);
    assert!(app.into_router().is_ok());
}
