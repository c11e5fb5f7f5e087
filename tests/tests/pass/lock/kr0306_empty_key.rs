//! KR0306: a key that is a name.

use kr_runtime::prelude::*;

#[kr_route(post, "/reindex")]
#[locked("shop:prices", exclusive)]
fn reindex() {}

fn main() {}
