//! KR0309: four of them.

use kr_runtime::prelude::*;

#[kr_route(post, "/move/{a}/{b}/{c}/{d}/{e}")]
#[locked("a:{a}", "b:{b}", "c:{c}", "d:{d}", exclusive)]
fn move_all(a: u64, b: u64, c: u64, d: u64, e: u64) -> String {
    format!("{a} {b} {c} {d} {e}")
}

fn main() {}
