//! KR0029: the tag of one instance.

use kr_runtime::SharedMap;
use kr_runtime::prelude::*;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "page:{id}")]
struct Page(String);

#[derive(Host)]
struct Site {
    pages: SharedMap<u64, Page>,
}

#[kr_route(get, "/pages/{a}", etag)]
#[locked("page:{a}")]
fn page(a: u64, one: &Page) -> String {
    format!("{a}: {}", one.0)
}

fn main() {
    let site = Site {
        pages: SharedMap::new(),
    };
    let _ = App::new("Site", site).mount(routes![page]);
}
