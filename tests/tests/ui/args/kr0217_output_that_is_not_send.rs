//! KR0217: output of a writing handler that cannot be kept until the change is durable (1 error)

use kr_runtime::axum::response::{IntoResponse, Response};
use kr_runtime::prelude::*;
use std::rc::Rc;

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Notes(Vec<String>);

struct Text(Rc<str>);

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
