//! KR0003: the method without quotes.

use kr_runtime::prelude::*;

#[kr_route(post, "/visit")]
fn visit() {}

fn main() {}
