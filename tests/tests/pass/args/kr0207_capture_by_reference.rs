//! KR0207: the capture by value.

use kr_runtime::prelude::*;

#[kr_route(get, "/hello/{name}")]
fn hello(name: String) -> String {
    format!("hello, {name}")
}

fn main() {}
