//! KR0213: output with an opaque part, which may borrow (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
async fn visit(visits: &mut Visits) -> Result<impl IntoResponse, Problem> {
    visits.0 += 1;
    Ok(Json(visits.0))
}

fn main() {}
