//! KR0216: a state with that counter.

use kr_runtime::Counter;
use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    title: String,
    visits: Counter,
}

#[derive(Host)]
struct Site {
    page: Shared<Page>,
}

#[kr_route(post, "/visit")]
fn visit(visits: &Counter) -> Result<Json<i64>, Problem> {
    Ok(Json(visits.add(1)?))
}

fn main() {
    let page = Page {
        title: "Welcome".to_owned(),
        visits: Counter::new(0),
    };
    let site = Site {
        page: Shared::new(page),
    };
    let _ = App::new("Site", site).mount(routes![visit]);
}
