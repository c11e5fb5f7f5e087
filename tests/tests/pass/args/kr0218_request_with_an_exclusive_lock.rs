//! KR0218: the parts of the request that are needed.

use kr_runtime::axum::body::Bytes;
use kr_runtime::axum::http::Uri;
use kr_runtime::prelude::*;

#[kr_route(post, "/reindex")]
#[locked("index", exclusive)]
async fn reindex(uri: Uri, _body: Bytes) -> String {
    uri.to_string()
}

fn main() {}
