//! KR0022: a path of kr that leads nowhere; rustc says it, once (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[kr_route(post, "/visit/{id}", crate = ::kr)]
#[locked("visits", timeout = "1s")]
async fn visit(visits: &mut Visits, id: u64, _body: String) -> Result<Json<u64>, Problem> {
    visits.0 += id;
    Ok(Json(visits.0))
}

fn main() {}
