//! KR0306: a constant that is a name.

use kr_runtime::prelude::*;

const LOCK: &str = "shop:prices";

#[kr_route(post, "/reindex")]
#[locked(LOCK, exclusive)]
fn reindex() {}

fn main() {}
