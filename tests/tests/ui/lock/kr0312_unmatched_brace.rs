//! KR0312: an unmatched brace (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/index/{id}")]
#[locked("index:{id", exclusive)]
fn reindex(id: u64) -> String {
    id.to_string()
}

fn main() {}
