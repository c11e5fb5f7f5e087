//! After a mistake the function can still be called and listed, and neither adds a message: KR0314 (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

#[kr_route(post, "/visit")]
#[locked("visits", timeout = "soon")]
fn visit(visits: &mut Visits) -> Json<u64> {
    visits.0 += 1;
    Json(visits.0)
}

fn main() {
    let mut visits = Visits(0);
    let Json(count) = visit(&mut visits);
    assert_eq!(count, 1);
    let site = Site {
        visits: Shared::new(visits),
    };
    let _ = App::new("Site", site).mount(routes![visit]);
}
