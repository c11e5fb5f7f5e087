//! KR0312: the name of an argument.

use kr_runtime::prelude::*;

#[kr_route(post, "/index/{id}")]
#[locked("index:{id}", exclusive)]
fn reindex(id: u64) -> String {
    id.to_string()
}

fn main() {}
