//! KR0316: a change in place that could fail half-way (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

type Answer = Result<Json<u64>, Problem>;

#[kr_route(post, "/visit")]
#[locked("visits", in_place)]
fn visit(visits: &mut Visits) -> Answer {
    visits.0 += 1;
    if visits.0 > 100 {
        return Err(Problem::conflict("too many"));
    }
    Ok(Json(visits.0))
}

fn main() {}
