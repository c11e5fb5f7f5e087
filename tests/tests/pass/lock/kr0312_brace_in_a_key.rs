//! KR0312: a key without braces.

use kr_runtime::prelude::*;

#[kr_route(post, "/reindex")]
#[locked("index:id", only)]
fn reindex() {}

fn main() {}
