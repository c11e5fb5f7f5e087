//! KR0310: a float in a key (1 error)

use kr_runtime::prelude::*;

#[kr_route(post, "/level/{height}")]
#[locked("level:{height}", exclusive)]
fn level(height: f64) -> String {
    height.to_string()
}

fn main() {}
