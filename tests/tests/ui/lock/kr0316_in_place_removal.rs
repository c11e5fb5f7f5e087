//! KR0316: an instance that may be removed, in place (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "product:{id}")]
struct Product(u32);

#[kr_route(delete, "/products/{id}")]
#[locked("product:{id}", in_place)]
fn remove(_id: u64, product: &mut Option<Product>) {
    *product = None;
}

fn main() {}
