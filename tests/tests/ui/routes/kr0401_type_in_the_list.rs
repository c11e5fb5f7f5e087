//! KR0401: a type among the routes (1 error)

use kr_runtime::prelude::*;

#[derive(Host)]
struct Site {}

struct Ping;

fn main() {
    let _ = App::new("Site", Site {}).mount(routes![Ping]);
    let _ = Ping;
}
