//! KR0216: two counters of two names.

use kr_runtime::Counter;
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    visits: Counter,
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "shop")]
struct Shop {
    buyers: Counter,
}

#[derive(Host)]
struct Site {
    page: Shared<Page>,
    shop: Shared<Shop>,
}

#[kr_route(post, "/visit")]
fn visit(visits: &Counter) -> Result<Json<i64>, Problem> {
    Ok(Json(visits.add(1)?))
}

fn main() {
    let site = Site {
        page: Shared::new(Page {
            visits: Counter::new(0),
        }),
        shop: Shared::new(Shop {
            buyers: Counter::new(0),
        }),
    };
    let _ = App::new("Site", site).mount(routes![visit]);
}
