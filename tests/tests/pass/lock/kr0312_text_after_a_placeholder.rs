//! KR0312: text behind a separator.

use kr_runtime::prelude::*;

#[kr_route(post, "/index/{id}")]
#[locked("index:{id}:new", exclusive)]
fn reindex(id: u64) -> String {
    id.to_string()
}

fn main() {}
