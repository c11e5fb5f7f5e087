//! KR0216: a counter, which counts through a shared reference.

use kr_runtime::Counter;
use kr_runtime::prelude::*;

#[kr_route(post, "/visit")]
fn visit(visits: &Counter) -> Result<Json<i64>, Problem> {
    Ok(Json(visits.add(1)?))
}

fn main() {}
