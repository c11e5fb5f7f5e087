//! KR0031: the handler takes the body.

use kr_runtime::prelude::*;

#[kr_route(post, "/visit", example = {"count": 1})]
fn visit(Json(visit): Json<Visit>) -> String {
    visit.count.to_string()
}

#[derive(Deserialize)]
struct Visit {
    count: u64,
}

fn main() {}
