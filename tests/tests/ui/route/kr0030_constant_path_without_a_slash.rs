//! KR0030: a constant path does not start with a slash (1 error)

use kr_runtime::prelude::*;

mod paths {
    pub(crate) const VISIT: &str = "visit";
}

#[kr_route(post, paths::VISIT)]
fn visit() {}

fn main() {}
