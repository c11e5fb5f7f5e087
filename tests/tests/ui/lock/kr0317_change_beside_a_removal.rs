//! KR0317: another state of an instance that may be removed (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "product:{id}")]
struct Product(u32);

#[derive(Clone, SharedState)]
#[shared_state(lock = "product:{id}")]
struct Reviews(Vec<String>);

#[kr_route(delete, "/products/{id}")]
#[locked("product:{id}")]
fn remove(_id: u64, product: &mut Option<Product>, reviews: &mut Reviews) {
    let _ = reviews;
    *product = None;
}

fn main() {}
