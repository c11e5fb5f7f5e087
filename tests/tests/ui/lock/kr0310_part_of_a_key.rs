//! KR0310: one of two parts of a key (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/level/{house}/{height}")]
#[locked("level:{house}:{height}", exclusive)]
fn level(house: u64, height: f64) -> String {
    format!("{house} {height}")
}

fn main() {}
