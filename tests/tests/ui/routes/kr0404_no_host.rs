//! KR0404: what the routes are mounted on is no host; rustc adds that no method of such an `App` can be called (2 errors)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

struct Site {
    visits: Shared<Visits>,
}

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

fn main() {
    let site = Site {
        visits: Shared::new(Visits(0)),
    };
    let _ = App::new("Site", site).mount(routes![visit]);
}
