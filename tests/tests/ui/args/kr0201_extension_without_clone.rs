//! KR0201: an extension that cannot be cloned (1 error)

use kr_runtime::axum::Extension;
use kr_runtime::prelude::*;

struct Version(&'static str);

#[kr_route(get, "/version")]
fn version(version: Extension<Version>) -> &'static str {
    version.0.0
}

fn main() {}
