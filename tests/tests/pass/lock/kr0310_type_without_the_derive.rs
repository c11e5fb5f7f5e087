//! KR0310: a type that derives `LockKey`.

use kr_runtime::LockKey;
use kr_runtime::prelude::*;

#[derive(Clone, PartialEq, Eq, Hash, LockKey, Deserialize)]
struct CartId(u64);

#[kr_route(post, "/cart/{id}/checkout")]
#[locked("cart:{id}", exclusive)]
fn checkout(id: CartId) -> String {
    id.0.to_string()
}

fn main() {}
