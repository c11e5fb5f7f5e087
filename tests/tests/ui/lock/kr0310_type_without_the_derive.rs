//! KR0310: a type of its own as a key (1 error)

use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct CartId(u64);

#[kr_route(post, "/cart/{id}/checkout")]
#[locked("cart:{id}", exclusive)]
fn checkout(id: CartId) -> String {
    id.0.to_string()
}

fn main() {}
