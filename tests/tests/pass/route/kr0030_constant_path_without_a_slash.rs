//! KR0030: the constant starts with a slash.

use kr_runtime::prelude::*;

mod paths {
    pub(crate) const VISIT: &str = "/visit";
}

#[kr_route(post, paths::VISIT)]
fn visit() {}

fn main() {}
