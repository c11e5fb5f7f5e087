//! KR0405: a handler that is mounted.

use kr_runtime::prelude::*;

#[derive(Host)]
struct Site {}

#[kr_route(get, "/ping")]
fn ping() {}

fn main() {
    let site = Site {};
    let _ = App::new("Site", site).mount(routes![ping]);
}
