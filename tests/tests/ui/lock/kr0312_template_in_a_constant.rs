//! KR0312: a placeholder in a constant (1 error)

use kr_runtime::prelude::*;

const INDEX: &str = "index:{id}";

#[kr_route(post, "/index/{id}")]
#[locked(INDEX, exclusive)]
fn reindex(id: u64) -> String {
    id.to_string()
}

fn main() {}
