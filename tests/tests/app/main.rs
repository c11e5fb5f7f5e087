//! An application: what it checks before it starts, how it routes requests, and how it fits into an existing application.
//!
//! Relative snapshot paths outside of an application are used by [`root`] alone: its applications have different roots.

mod config_errors;
mod connections;
mod dispatch;
mod extraction;
mod fallbacks;
mod layers;
mod prefixes;
mod root;
mod routers;
mod routing;
mod running;
mod states;
mod streams;
mod tasks;

use kr_runtime::prelude::*;
use std::collections::BTreeMap;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "items")]
struct Items(BTreeMap<u64, String>);

#[derive(Host)]
struct Shop {
    items: Shared<Items>,
}

fn shop() -> Shop {
    Shop {
        items: Shared::new(Items::default()),
    }
}

#[kr_route(get, "/item/{id}")]
#[locked("items")]
pub(crate) fn item(items: &Items, id: u64) -> Result<Json<&String>, Problem> {
    let item = items.0.get(&id);
    Ok(Json(item.ok_or(Problem::not_found(format!(
        "there is no item {id}"
    )))?))
}

#[kr_route(put, "/item/{id}")]
#[locked("items")]
pub(crate) async fn put(id: u64, items: &mut Items, name: String) -> StatusCode {
    tokio::task::yield_now().await;
    match items.0.insert(id, name) {
        Some(_) => StatusCode::OK,
        None => StatusCode::CREATED,
    }
}
