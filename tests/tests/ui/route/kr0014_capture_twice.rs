//! KR0014: two captures of one name (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/carts/{id}/items/{id}")]
fn item(id: u64) -> String {
    id.to_string()
}

fn main() {}
