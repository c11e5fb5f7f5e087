//! KR0023: a cached response of a state with a counter deep in it (1 error)

use kr_runtime::Counter;
use kr_runtime::prelude::*;
use std::collections::HashMap;

#[kr_route(get, "/page", cached)]
#[locked("page")]
fn page(page: &Page) -> Json<&Page> {
    Json(page)
}

#[derive(Clone, Serialize, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    title: String,
    sections: HashMap<String, Section>,
}

#[derive(Clone, Serialize)]
struct Section {
    looks: Option<Counter>,
}

fn main() {}
