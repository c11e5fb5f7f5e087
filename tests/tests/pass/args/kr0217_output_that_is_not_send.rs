//! KR0217: an `Arc` instead of an `Rc`.

use kr_runtime::axum::response::{IntoResponse, Response};
use kr_runtime::prelude::*;
use std::sync::Arc;

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Notes(Vec<String>);

struct Text(Arc<str>);

impl IntoResponse for Text {
    fn into_response(self) -> Response {
        self.0.to_string().into_response()
    }
}

#[kr_route(post, "/note")]
#[locked("notes")]
fn note(notes: &mut Notes) -> Text {
    notes.0.push("hello".to_owned());
    Text("noted".into())
}

fn main() {}
