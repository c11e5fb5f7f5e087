//! KR0312: text that could be part of the key's value (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/index/{id}")]
#[locked("index:{id}new", exclusive)]
fn reindex(id: u64) -> String {
    id.to_string()
}

fn main() {}
