//! KR0401: two types among the routes (2 errors)

use kr_runtime::prelude::*;

#[derive(Host)]
struct Site {}

struct Ping;
struct Pong;

fn main() {
    let _ = App::new("Site", Site {}).mount(routes![Ping, Pong]);
    let _ = (Ping, Pong);
}
