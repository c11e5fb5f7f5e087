//! KR0403: one name for one capture.

use kr_runtime::prelude::*;

#[derive(Host)]
struct Site {}

#[kr_route(get, "/room/{id}")]
fn look(id: u64) -> String {
    id.to_string()
}

#[kr_route(post, "/room/{id}")]
fn enter(id: u64) -> String {
    id.to_string()
}

fn main() {
    let site = Site {};
    let _ = App::new("Site", site).mount(routes![look, enter]);
}
