//! KR0310: a key of two parts.

use kr_runtime::prelude::*;

#[kr_route(post, "/level/{house}/{height}")]
#[locked("level:{house}:{height}", exclusive)]
fn level(house: u64, height: i64) -> String {
    format!("{house} {height}")
}

fn main() {}
