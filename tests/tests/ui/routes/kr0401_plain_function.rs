//! KR0401: a plain function among the routes; rustc says it (1 error)

use kr_runtime::prelude::*;

#[derive(Host)]
struct Site {}

fn ping() {}

fn main() {
    let site = Site {};
    let _ = App::new("Site", site).mount(routes![ping]);
}
