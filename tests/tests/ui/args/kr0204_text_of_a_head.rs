//! KR0204: the text of a request that has none (1 error)

use kr_runtime::prelude::*;

#[kr_route(head, "/echo")]
fn echo(text: String) -> String {
    text
}

fn main() {}
