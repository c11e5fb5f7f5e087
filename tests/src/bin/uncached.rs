//! The tutorial's `GET /state` without `cached`, so that each request builds its response. For the benchmarks of reads.

use kr_runtime::prelude::*;

const SNAPSHOT_LOCK: &str = "tutorial:shared-state-snapshot";

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = SNAPSHOT_LOCK)]
#[serde(rename_all = "PascalCase")]
struct AppState {
    visit_count: i32,
    notes: Vec<String>,
    #[serde(with = "kr_runtime::clixml::datetime")]
    last_updated: Timestamp,
}

#[derive(Host)]
struct Tutorial {
    app_state: Shared<AppState>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StateView<'a> {
    visit_count: i32,
    notes: &'a [String],
    last_updated: Timestamp,
    snapshot_lock_key: &'static str,
}

#[kr_route(get, "/state")]
#[locked(SNAPSHOT_LOCK)]
fn state(state: &AppState) -> Json<StateView<'_>> {
    Json(StateView {
        visit_count: state.visit_count,
        notes: &state.notes,
        last_updated: state.last_updated,
        snapshot_lock_key: SNAPSHOT_LOCK,
    })
}

#[derive(Deserialize)]
struct ImportRequest {
    snapshot: Snapshot<AppState>,
}

#[kr_route(post, "/snapshot/import")]
#[locked(SNAPSHOT_LOCK)]
fn import(state: &mut AppState, Json(body): Json<ImportRequest>) {
    *state = body.snapshot.into_inner();
}

#[tokio::main]
async fn main() -> kr_runtime::Result<()> {
    let initial = AppState {
        visit_count: 0,
        notes: Vec::new(),
        last_updated: Timestamp::now(),
    };
    let host = Tutorial {
        app_state: Shared::new(initial),
    };
    App::new("Uncached", host)
        .mount(routes![state, import])
        .run()
        .await
}
