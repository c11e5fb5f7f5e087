//! KR0306: a constant of blanks as the key (1 error)

use kr_runtime::prelude::*;

const LOCK: &str = " ";

#[kr_route(post, "/reindex")]
#[locked(LOCK, exclusive)]
fn reindex() {}

fn main() {}
