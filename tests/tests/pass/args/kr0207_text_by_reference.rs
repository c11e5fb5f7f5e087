//! KR0207: text by value, from a capture of the path.

use kr_runtime::prelude::*;

#[kr_route(get, "/hello/{name}")]
fn hello(name: String) -> String {
    format!("hello, {name}")
}

fn main() {}
