//! KR0318: a list of instances whose lock is not named (1 error)

use kr_runtime::Instances;
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "product:{id}")]
struct Product(u32);

#[kr_route(get, "/products")]
#[locked("cart:*")]
async fn list(products: &Instances<u64, Product>) -> Result<String, Problem> {
    Ok(products.len().await?.to_string())
}

fn main() {}
