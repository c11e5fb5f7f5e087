//! The crate with kr: handlers of five kinds, evenly.

use super::{HANDLERS, STATES};
use std::fmt::Write;

pub(crate) fn source() -> String {
    let mut text = String::from(
        r#"#![allow(dead_code)]
use axum::extract::Query;
use kr_runtime::prelude::*;

#[derive(Deserialize)]
struct Note {
    text: String,
}

#[derive(Deserialize)]
struct Page {
    from: usize,
}

#[derive(Serialize)]
struct Summary {
    count: u64,
    notes: usize,
}
"#,
    );
    let mut fields = String::new();
    let mut values = String::new();
    for state in 0..STATES {
        write!(
            text,
            r#"
#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "lock:{state}")]
struct State{state} {{
    count: u64,
    notes: Vec<String>,
}}

impl State{state} {{
    fn summary(&self) -> Summary {{
        Summary {{ count: self.count, notes: self.notes.len() }}
    }}
}}
"#
        )
        .unwrap();
        writeln!(fields, "    state{state}: Shared<State{state}>,").unwrap();
        writeln!(
            values,
            "        state{state}: Shared::new(State{state}::default()),"
        )
        .unwrap();
    }
    for handler in 0..HANDLERS {
        text.push_str(&one(handler));
    }
    let names: Vec<_> = (0..HANDLERS)
        .map(|handler| format!("handler_{handler}"))
        .collect();
    write!(
        text,
        r#"
#[derive(Host)]
struct Site {{
{fields}}}

#[tokio::main]
async fn main() -> kr_runtime::Result<()> {{
    let site = Site {{
{values}    }};
    App::new("Site", site).mount(routes![{}]).run().await
}}
"#,
        names.join(", ")
    )
    .unwrap();
    text
}

fn one(handler: usize) -> String {
    // Each state has handlers of all kinds.
    let state = handler / 5 % STATES;
    match handler % 5 {
        0 => format!(
            r#"
#[kr_route(get, "/{handler}")]
#[locked("lock:{state}")]
fn handler_{handler}(state: &State{state}) -> Json<Summary> {{
    Json(state.summary())
}}
"#
        ),
        1 => format!(
            r#"
#[kr_route(post, "/{handler}")]
#[locked("lock:{state}")]
fn handler_{handler}(state: &mut State{state}, Json(note): Json<Note>) -> Result<(StatusCode, Json<Summary>), Problem> {{
    if note.text.is_empty() {{
        return Err(Problem::bad_request("a text is required"));
    }}
    state.notes.push(note.text);
    Ok((StatusCode::CREATED, Json(state.summary())))
}}
"#
        ),
        2 => format!(
            r#"
#[kr_route(put, "/{handler}/{{id}}")]
#[locked("lock:{state}")]
fn handler_{handler}(state: &mut State{state}, id: u64) -> Json<Summary> {{
    state.count = id;
    Json(state.summary())
}}
"#
        ),
        3 => format!(
            r#"
#[kr_route(get, "/{handler}")]
#[locked("lock:{state}")]
fn handler_{handler}(state: &State{state}, Query(page): Query<Page>) -> Json<Vec<String>> {{
    Json(state.notes.iter().skip(page.from).take(10).cloned().collect())
}}
"#
        ),
        _ => format!(
            r#"
#[kr_route(post, "/{handler}")]
#[locked("lock:{state}")]
async fn handler_{handler}(state: &mut State{state}, Json(note): Json<Note>) -> Result<Json<Summary>, Problem> {{
    tokio::task::yield_now().await;
    state.count += 1;
    state.notes.push(note.text);
    Ok(Json(state.summary()))
}}
"#
        ),
    }
}
