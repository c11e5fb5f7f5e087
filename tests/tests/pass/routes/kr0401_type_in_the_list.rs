//! KR0401: a function with a route.

use kr_runtime::prelude::*;

#[derive(Host)]
struct Site {}

#[kr_route(get, "/path")]
fn ping() {}

fn main() {
    let _ = App::new("Site", Site {}).mount(routes![ping]);
}
