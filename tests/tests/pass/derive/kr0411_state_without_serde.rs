//! KR0411: a store for a state that can be written and read.

use kr_runtime::Store;
use kr_runtime::prelude::*;

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    title: String,
}

#[derive(Host)]
struct Site {
    page: Shared<Page>,
}

fn main() {
    let page = Page {
        title: "Welcome".into(),
    };
    let site = Site {
        page: Shared::new(page),
    };
    let _ = || App::new("Site", site).store(Store::open("site.kr").unwrap());
}
