//! KR0207: text by reference (1 error)

use kr_runtime::prelude::*;

#[kr_route(get, "/hello")]
fn hello(name: &str) -> String {
    format!("hello, {name}")
}

fn main() {}
