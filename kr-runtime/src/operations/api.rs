//! The JSON API: what the pages show, for programs.

use super::overview::Overview;
use super::params::Params;
use super::shared::Shared;
use super::states::history::Entry;
use super::states::instances::{InstancesView, Keyed};
use super::states::list::{StateView, list};
use super::states::locks::{self, LockList};
use super::states::value;
use super::store::{self, StoreView};
use super::ticks::Tick;
use crate::http::Problem;
use crate::state::{HostField, StateType};
use crate::store::LockGroup;
use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use std::time::SystemTime;

pub(super) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/overview", get(get_overview))
        .route("/api/states", get(states))
        .route("/api/states/{name}", get(state))
        .route("/api/states/{name}/instances", get(instances))
        .route("/api/states/{name}/instance", get(instance))
        .route("/api/locks", get(get_locks))
        .route("/api/store", get(get_store))
        .route("/api/tasks", get(tasks))
}

/// The overview with the last five minutes.
#[derive(Serialize)]
struct OverviewWithPast {
    #[serde(flatten)]
    overview: Overview,
    /// The last seconds, the newest last.
    seconds: Vec<Tick>,
}

async fn get_overview(State(shared): State<Arc<Shared>>) -> Json<OverviewWithPast> {
    Json(OverviewWithPast {
        overview: shared.overview(),
        seconds: shared.observed.ticks.seconds(),
    })
}

async fn states(State(shared): State<Arc<Shared>>) -> Json<Vec<StateView>> {
    Json(list(&shared.service, &shared.observed.histories).await)
}

/// A value, and how it came about.
#[derive(Serialize)]
pub(super) struct ValueView {
    pub(super) name: String,
    pub(super) lock: String,
    pub(super) revision: u64,
    /// Null if the type is not `Serialize`. What is secret is masked.
    pub(super) value: Option<Value>,
    /// What has changed lately, the newest first; of an instance, since somebody looks at it.
    pub(super) history: Vec<Entry>,
}

/// A state without a key.
struct Single {
    state: StateType,
    group: Arc<LockGroup>,
    index: usize,
}

fn find_single(shared: &Shared, name: &str) -> Option<Single> {
    let fields = shared.service.host.state_fields();
    fields.iter().find_map(|field| match field {
        HostField::Single(cell) if cell.state_type.name == name => {
            let address = cell.address.get()?;
            Some(Single {
                state: cell.state_type,
                group: Arc::clone(&address.group),
                index: address.index,
            })
        }
        _ => None,
    })
}

pub(super) fn unknown(shared: &Shared, name: &str) -> Problem {
    let fields = shared.service.host.state_fields();
    let known: Vec<_> = fields.iter().map(|it| it.state_type().name).collect();
    Problem::not_found(format!(
        "there is no state `{name}`; there are `{}`",
        known.join("`, `")
    ))
}

/// The value of a state without a key.
pub(super) async fn single_value(shared: &Shared, name: &str) -> Result<ValueView, Problem> {
    let Some(single) = find_single(shared, name) else {
        return Err(match Keyed::find(&shared.service, name) {
            Some(_) => Problem::bad_request(format!(
                "`{name}` has an instance for each key; ask for `instances`, or for `instance` with a `key`"
            )),
            None => unknown(shared, name),
        });
    };
    let shown = value::single(single.state, &single.group, single.index).await;
    let shown = shown.map_err(Problem::unavailable)?;
    Ok(ValueView {
        name: name.to_owned(),
        lock: single.group.lock.key().as_str().to_owned(),
        revision: shown.as_ref().map_or(0, |shown| shown.revision),
        value: shown.and_then(|shown| shown.json),
        history: shared.observed.histories.entries(name),
    })
}

/// The value of an instance of a keyed state.
pub(super) async fn instance_value(
    shared: &Shared,
    name: &str,
    key: &Value,
) -> Result<ValueView, Problem> {
    let keyed = Keyed::find(&shared.service, name).ok_or_else(|| unknown(shared, name))?;
    let nobody = || Problem::not_found(format!("`{name}` has no instance of the key {key}"));
    let instance = keyed.instance(key).ok_or_else(nobody)?;
    let shown = value::instance(keyed.state, &instance, keyed.index()).await;
    let shown = shown.map_err(Problem::unavailable)?.ok_or_else(nobody)?;
    let histories = &shared.observed.histories;
    Ok(ValueView {
        name: name.to_owned(),
        lock: instance.group().lock.key().as_str().to_owned(),
        revision: shown.revision,
        value: shown.json,
        history: histories.entries_of(&keyed, key, &instance),
    })
}

async fn state(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
) -> Result<Json<ValueView>, Problem> {
    single_value(&shared, &name).await.map(Json)
}

async fn instance(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    params: Params,
) -> Result<Json<ValueView>, Problem> {
    let key = params.key("key")?;
    let key = key.ok_or_else(|| Problem::bad_request("`key` is missing, as in `?key=[7]`"))?;
    instance_value(&shared, &name, &key).await.map(Json)
}

async fn instances(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    params: Params,
) -> Result<Json<InstancesView>, Problem> {
    instance_page(&shared, &name, &params).await.map(Json)
}

/// A page of a keyed state's instances.
pub(super) async fn instance_page(
    shared: &Shared,
    name: &str,
    params: &Params,
) -> Result<InstancesView, Problem> {
    let keyed = Keyed::find(&shared.service, name).ok_or_else(|| unknown(shared, name))?;
    let after = params.key("after")?;
    let limit = params.limit(50, 1_000)?;
    let page = keyed.page(after.as_ref(), params.text("q"), limit).await;
    page.map_err(Problem::bad_request)
}

async fn get_locks(
    State(shared): State<Arc<Shared>>,
    params: Params,
) -> Result<Json<LockList>, Problem> {
    let limit = params.limit(100, 10_000)?;
    Ok(Json(locks::list(&shared.service, params.text("q"), limit)))
}

async fn get_store(State(shared): State<Arc<Shared>>) -> Json<StoreView> {
    Json(store::view(&shared.service))
}

/// A background task.
#[derive(Serialize)]
pub(super) struct TaskView {
    pub(super) name: String,
    /// `runs`, `waits to start again` or `ended`.
    pub(super) state: &'static str,
    pub(super) restarts: u64,
    pub(super) last_panic: Option<String>,
    /// In seconds since 1970.
    #[serde(serialize_with = "super::time::serialize")]
    pub(super) last_panic_at: Option<SystemTime>,
}

pub(super) fn task_list(shared: &Shared) -> Vec<TaskView> {
    let tasks = shared.service.tasks.all();
    let view = tasks.iter().map(|task| {
        let last = task.last_panic();
        TaskView {
            name: task.name.clone(),
            state: task.state(),
            restarts: task.restart_count(),
            last_panic_at: last.as_ref().map(|(at, _)| *at),
            last_panic: last.map(|(_, message)| message),
        }
    });
    view.collect()
}

async fn tasks(State(shared): State<Arc<Shared>>) -> Json<Vec<TaskView>> {
    Json(task_list(&shared))
}
