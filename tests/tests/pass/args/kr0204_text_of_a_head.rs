//! KR0204: the text of a request that can have one.

use kr_runtime::prelude::*;

#[kr_route(post, "/echo")]
fn echo(text: String) -> String {
    text
}

fn main() {}
