//! KR0305: a lock that is held without a state.

use kr_runtime::prelude::*;

#[kr_route(post, "/reindex")]
#[locked("index", exclusive)]
fn reindex() {}

fn main() {}
