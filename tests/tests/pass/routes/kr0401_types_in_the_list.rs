//! KR0401: two functions with routes.

use kr_runtime::prelude::*;

#[derive(Host)]
struct Site {}

#[kr_route(get, "/ping")]
fn ping() {}

#[kr_route(get, "/pong")]
fn pong() {}

fn main() {
    let _ = App::new("Site", Site {}).mount(routes![ping, pong]);
}
