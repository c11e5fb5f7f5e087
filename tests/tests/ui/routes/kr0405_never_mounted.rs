//! KR0405: a handler that no list has; rustc's message is good (1 error)

#![deny(dead_code)]

use kr_runtime::prelude::*;

#[derive(Host)]
struct Site {}

#[kr_route(get, "/ping")]
fn ping() {}

fn main() {
    let _ = App::new("Site", Site {});
}
