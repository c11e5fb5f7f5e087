//! KR0212: async output of a type that hides its lifetime (1 error)

use kr_runtime::prelude::*;

#[derive(Clone, SharedState)]
#[shared_state(lock = "notes")]
struct Notes(Vec<String>);

#[derive(Serialize)]
struct Latest<'a> {
    text: &'a str,
}

#[kr_route(post, "/note")]
#[locked("notes")]
async fn note(notes: &mut Notes) -> Json<Latest> {
    std::future::ready(()).await;
    notes.0.push("hello".to_owned());
    Json(Latest { text: &notes.0[0] })
}

fn main() {}
