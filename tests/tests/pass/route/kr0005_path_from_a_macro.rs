//! KR0005: the path itself, and a constant that is put together by a macro.

use kr_runtime::prelude::*;

#[kr_route(post, "/visit")]
fn visit() {}

const SECOND: &str = concat!("/", "second");

#[kr_route(post, SECOND)]
fn second() {}

fn main() {}
