//! KR0312: a placeholder without a name (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/index/{id}")]
#[locked("index:{}", exclusive)]
fn reindex(id: u64) -> String {
    id.to_string()
}

fn main() {}
