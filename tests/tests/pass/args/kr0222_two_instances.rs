//! KR0222: the revision of each.

use kr_runtime::prelude::*;
use kr_runtime::{Revision, SharedMap};

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "page:{id}")]
struct Page(String);

#[derive(Host)]
struct Site {
    pages: SharedMap<u64, Page>,
}

#[kr_route(get, "/pages/{a}/{b}")]
async fn page(a: u64, b: u64, host: &Site) -> Result<String, Problem> {
    let pages = (host.pages.at(&a), host.pages.at(&b));
    let (one, other) = host.read_many(pages).await?;
    let _ = Revision::from(one.revision());
    Ok(format!("{a}: {}, {b}: {}", one.revision(), other.revision()))
}

fn main() {
    let site = Site {
        pages: SharedMap::new(),
    };
    let _ = App::new("Site", site).mount(routes![page]);
}
