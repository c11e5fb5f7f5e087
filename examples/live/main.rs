//! A board of notes on a page that follows it: what one visitor writes, all others see at once.
//!
//! ```console
//! cargo run --example live                # then open http://localhost:5000 in two windows
//! curl -s --json '{"text":"buy bread"}' localhost:5000/notes
//! curl -N -H 'Accept: text/event-stream' localhost:5000/board
//! ```

use kr_runtime::axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use kr_runtime::axum::response::Html;
use kr_runtime::prelude::*;
use kr_runtime::{OpenApi, Operations};
use schemars::JsonSchema;
use std::collections::BTreeMap;

/// The notes by their numbers.
#[derive(Clone, Serialize, JsonSchema, SharedState)]
#[shared_state(lock = "board")]
struct Board {
    notes: BTreeMap<u64, String>,
    #[serde(skip)]
    next_id: u64,
}

#[derive(Host)]
struct Site {
    board: Shared<Board>,
}

/// `live`: an `EventSource` gets the board at once, and again after every commit. The function runs once for each commit,
/// however many follow. `cached` does the same for those that ask in the ordinary way.
#[kr_route(get, "/board", cached, live)]
#[locked("board")]
fn board(board: &Board) -> Json<&Board> {
    Json(board)
}

#[derive(Deserialize, JsonSchema)]
struct Note {
    #[schemars(length(max = 200), extend("pattern" = "\\S"))]
    text: String,
}

impl Note {
    fn checked(self) -> Result<String, Problem> {
        match self.text.trim() {
            "" => Err(Problem::bad_request("a note needs a text")),
            text if text.chars().count() > 200 => {
                Err(Problem::bad_request("a note has at most 200 characters"))
            }
            text => Ok(text.to_owned()),
        }
    }
}

fn missing(id: u64) -> Problem {
    Problem::not_found(format!("there is no note {id}"))
}

#[kr_route(post, "/notes")]
#[locked("board")]
fn add(board: &mut Board, Json(note): Json<Note>) -> Result<(StatusCode, Json<u64>), Problem> {
    if board.notes.len() >= 100 {
        return Err(Problem::conflict("the board is full"));
    }
    board.next_id += 1;
    board.notes.insert(board.next_id, note.checked()?); // an `Err` takes the number back, too
    Ok((StatusCode::CREATED, Json(board.next_id)))
}

#[kr_route(put, "/notes/{id}")]
#[locked("board")]
fn edit(board: &mut Board, id: u64, Json(note): Json<Note>) -> Result<StatusCode, Problem> {
    let text = board.notes.get_mut(&id).ok_or(missing(id))?;
    *text = note.checked()?;
    Ok(StatusCode::NO_CONTENT)
}

#[kr_route(delete, "/notes/{id}")]
#[locked("board")]
fn remove(board: &mut Board, id: u64) -> Result<StatusCode, Problem> {
    board.notes.remove(&id).ok_or(missing(id))?;
    Ok(StatusCode::NO_CONTENT)
}

/// The page and its script are parts of the program. The page loads nothing from elsewhere, and a note cannot make it.
#[kr_route(get, "/")]
fn page() -> impl IntoResponse {
    let policy = [(CONTENT_SECURITY_POLICY, "default-src 'self'")];
    (policy, Html(include_str!("page.html")))
}

#[kr_route(get, "/page.js")]
fn script() -> impl IntoResponse {
    let script = [(CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (script, include_str!("page.js"))
}

#[tokio::main]
async fn main() -> kr_runtime::Result<()> {
    let board = Board {
        notes: BTreeMap::new(),
        next_id: 0,
    };
    let site = Site {
        board: Shared::new(board),
    };
    App::new("Live board", site)
        .mount(routes![page, script, board, add, edit, remove])
        .same_site() // refuses changes that a page of another site starts
        .allowed_hosts(["localhost", "127.0.0.1", "[::1]"]) // and reads, under a name of its own
        .openapi(OpenApi::new(env!("CARGO_PKG_VERSION"))) // at /openapi.json, and a page at /docs
        .operations(Operations::from_env()) // at KR_OPERATIONS, if that is set
        .run() // on 127.0.0.1, port PORT or 5000
        .await
}
