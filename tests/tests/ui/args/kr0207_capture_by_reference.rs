//! KR0207: a capture by reference (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/hello/{name}")]
fn hello(name: &str) -> String {
    format!("hello, {name}")
}

fn main() {}
