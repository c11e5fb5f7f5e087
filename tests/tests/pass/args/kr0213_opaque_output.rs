//! KR0213: a `Result` of opaque output.

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits) -> Result<impl IntoResponse + use<>, Problem> {
    visits.0 += 1;
    Ok(Json(visits.0))
}

fn main() {}
