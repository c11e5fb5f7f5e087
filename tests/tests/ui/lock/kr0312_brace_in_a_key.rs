//! KR0312: a brace in a key (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/reindex")]
#[locked("index:{id", only)]
fn reindex() {}

fn main() {}
