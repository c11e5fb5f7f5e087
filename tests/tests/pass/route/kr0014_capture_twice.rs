//! KR0014: each capture has a name of its own.

use kr_runtime::prelude::*;

#[kr_route(get, "/carts/{id}/items/{id_2}")]
fn item(id: u64, id_2: u64) -> String {
    format!("{id} {id_2}")
}

fn main() {}
