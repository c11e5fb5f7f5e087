//! KR0201: the extension's type derives `Clone`.

use kr_runtime::axum::Extension;
use kr_runtime::prelude::*;

#[derive(Clone)]
struct Version(&'static str);

#[kr_route(get, "/version")]
fn version(version: Extension<Version>) -> &'static str {
    version.0.0
}

fn main() {}
