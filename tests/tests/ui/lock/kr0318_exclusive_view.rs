//! KR0318: a list of instances with `&mut` (1 error)

use kr_runtime::Instances;
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "product:{id}")]
struct Product(u32);

#[kr_route(get, "/products")]
#[locked("product:*")]
async fn list(products: &mut Instances<u64, Product>) -> Result<String, Problem> {
    Ok(products.len().await?.to_string())
}

fn main() {}
