//! KR0305: a lock that guards nothing here (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/reindex")]
#[locked("index")]
fn reindex() {}

fn main() {}
