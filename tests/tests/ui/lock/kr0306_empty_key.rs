//! KR0306: a key of blanks (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/reindex")]
#[locked(" ", exclusive)]
fn reindex() {}

fn main() {}
