//! KR0216: a counter that no state has (1 error)

use kr_runtime::Counter;
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    visits: Counter,
}

#[derive(Host)]
struct Site {
    page: Shared<Page>,
}

#[kr_route(post, "/visit")]
fn visit(visit: &Counter) -> Result<Json<i64>, Problem> {
    Ok(Json(visit.add(1)?))
}

fn main() {
    let page = Page {
        visits: Counter::new(0),
    };
    let site = Site {
        page: Shared::new(page),
    };
    let _ = App::new("Site", site).mount(routes![visit]);
}
