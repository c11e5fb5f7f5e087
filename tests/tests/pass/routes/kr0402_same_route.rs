//! KR0402: two handlers of two requests.

use kr_runtime::prelude::*;

#[derive(Host)]
struct Site {}

#[kr_route(post, "/visit/{name}")]
fn visit(name: String) -> String {
    name
}

#[kr_route(put, "/visit/{name}")]
fn again(name: String) -> String {
    name
}

fn main() {
    let site = Site {};
    let _ = App::new("Site", site).mount(routes![visit, again]);
}
