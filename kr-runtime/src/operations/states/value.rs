//! The value of a state as JSON, without its secrets.

use crate::lock::LockError;
use crate::state::{StateType, read_value};
use crate::store::{EntryRef, Found, GroupRef, Instance, LockGroup, ReadError, Value};
use serde_json::Value as Json;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long a change in place may hold up whoever only looks.
const PATIENCE: Duration = Duration::from_secs(2);

/// A value as it is shown.
pub(crate) struct Shown {
    pub(crate) revision: u64,
    /// None: the type cannot be written as JSON.
    pub(crate) json: Option<Json>,
}

/// The committed value of a state without a key.
///
/// # Errors
/// Why it cannot be shown.
pub(crate) async fn single(
    state: StateType,
    group: &Arc<LockGroup>,
    index: usize,
) -> Result<Option<Shown>, String> {
    let value = read(group, index, false).await?;
    value
        .map(|(value, revision)| shown(state, &value, revision))
        .transpose()
}

/// The committed value of an instance, if there is one.
///
/// # Errors
/// Why it cannot be shown.
pub(crate) async fn instance(
    state: StateType,
    instance: &EntryRef<Instance>,
    index: usize,
) -> Result<Option<Shown>, String> {
    let value = read(instance, index, true).await?;
    value
        .map(|(value, revision)| shown(state, &value, revision))
        .transpose()
}

/// The value of an instance in a list.
///
/// # Errors
/// Why it cannot be shown.
pub(crate) async fn listed(
    state: StateType,
    found: &Found,
    index: usize,
) -> Result<Option<Shown>, String> {
    match found {
        Found::InMemory(found) => instance(state, found, index).await,
        Found::Stored(row) => match row.values.get(index) {
            Some(Some(value)) => shown(state, value, row.revision).map(Some),
            _ => Ok(None),
        },
        Found::Unreadable(reason) => Err(reason.clone()),
    }
}

async fn read(
    group: &impl GroupRef,
    index: usize,
    is_keyed: bool,
) -> Result<Option<(Value, u64)>, String> {
    match timeout(PATIENCE, read_value(group, index, is_keyed)).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(ReadError::Lock(LockError::Unreadable { reason, .. }))) => Err(reason),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("it is being changed in place, or the store does not answer".to_owned()),
    }
}

/// The value is not kept beyond this: as long as anybody has it, it cannot be changed in place.
fn shown(state: StateType, value: &Value, revision: u64) -> Result<Shown, String> {
    let json = state.masked_json(value).transpose();
    let json = json.map_err(|error| format!("it cannot be written as JSON: {error}"))?;
    Ok(Shown { revision, json })
}
