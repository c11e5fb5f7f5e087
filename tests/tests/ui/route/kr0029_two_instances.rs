//! KR0029: one tag for two instances (1 error)

use kr_runtime::SharedMap;
use kr_runtime::prelude::*;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "page:{id}")]
struct Page(String);

#[derive(Host)]
struct Site {
    pages: SharedMap<u64, Page>,
}

#[kr_route(get, "/pages/{a}/{b}", etag)]
#[locked(one = "page:{a}", other = "page:{b}")]
fn page(a: u64, b: u64, one: &Page, other: &Page) -> String {
    format!("{a}: {}, {b}: {}", one.0, other.0)
}

fn main() {
    let site = Site {
        pages: SharedMap::new(),
    };
    let _ = App::new("Site", site).mount(routes![page]);
}
