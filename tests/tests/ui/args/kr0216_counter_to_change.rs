//! KR0216: a counter, borrowed to be changed (1 error)

use kr_runtime::Counter;
use kr_runtime::prelude::*;

#[kr_route(post, "/visit")]
fn visit(visits: &mut Counter) -> Result<Json<i64>, Problem> {
    Ok(Json(visits.add(1)?))
}

fn main() {}
