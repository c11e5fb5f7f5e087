//! KR0316: an instance is removed by a draft.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "product:{id}")]
struct Product(u32);

#[kr_route(delete, "/products/{id}")]
#[locked("product:{id}")]
fn remove(_id: u64, product: &mut Option<Product>) {
    *product = None;
}

fn main() {}
