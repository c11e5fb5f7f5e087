//! KR0216: an argument with the name of the counter.

use kr_runtime::Counter;
use kr_runtime::prelude::*;

#[kr_route(post, "/visit")]
fn visit(_visits: &Counter) {}

fn main() {}
