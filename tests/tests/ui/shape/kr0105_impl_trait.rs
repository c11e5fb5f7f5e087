//! KR0105: an argument of an opaque type (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/echo")]
fn echo(body: impl Into<String>) -> String {
    body.into()
}

fn main() {}
