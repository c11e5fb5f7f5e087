//! KR0310: a whole number.

use kr_runtime::prelude::*;

#[kr_route(post, "/level/{height}")]
#[locked("level:{height}", exclusive)]
fn level(height: i64) -> String {
    height.to_string()
}

fn main() {}
