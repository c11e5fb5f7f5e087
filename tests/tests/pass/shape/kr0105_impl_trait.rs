//! KR0105: an argument of a named type.

use kr_runtime::prelude::*;

#[kr_route(post, "/echo")]
fn echo(body: String) -> String {
    body
}

fn main() {}
