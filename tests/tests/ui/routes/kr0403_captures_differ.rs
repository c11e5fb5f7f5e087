//! KR0403: two names for one capture (1 error)

use kr_runtime::prelude::*;

#[derive(Host)]
struct Site {}

#[kr_route(get, "/room/{id}")]
fn look(id: u64) -> String {
    id.to_string()
}

#[kr_route(post, "/room/{room_id}")]
fn enter(room_id: u64) -> String {
    room_id.to_string()
}

fn main() {
    let site = Site {};
    let _ = App::new("Site", site).mount(routes![look, enter]);
}
