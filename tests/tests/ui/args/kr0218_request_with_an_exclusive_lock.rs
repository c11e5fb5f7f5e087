//! KR0218: a request whose body is received under a lock without state (1 error)

use kr_runtime::axum::extract::Request;
use kr_runtime::prelude::*;

#[kr_route(post, "/reindex")]
#[locked("index", exclusive)]
async fn reindex(request: Request) -> String {
    request.uri().to_string()
}

fn main() {}
