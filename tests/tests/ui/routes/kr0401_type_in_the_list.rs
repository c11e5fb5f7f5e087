//! KR0401: a type among the routes, which is seen by the list and again by the host (2 errors)

use kr_runtime::prelude::*;

#[derive(Host)]
struct Site {}

struct Ping;

fn main() {
    let _ = App::new("Site", Site {}).mount(routes![Ping]);
    let _ = Ping;
}
