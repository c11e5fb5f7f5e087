//! The states of a host by their names, for tools that know no types.

use super::address;
use crate::lock::CallSite;
use crate::state::{HostField, StateCell, StateType, read_value, register, remove};
use crate::store::{self, ReadError, UpdateError};
use crate::transaction::update;
use serde::Serialize;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A state of a host, or a keyed state.
///
/// ```
/// # use kr_runtime::prelude::*;
/// # #[derive(Clone, Serialize, SharedState)]
/// # #[shared_state(lock = "visits")]
/// # struct Visits { count: u64 }
/// # #[derive(Host)]
/// # struct Site { visits: Shared<Visits> }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), kr_runtime::ReadError> {
/// let site = Site { visits: Shared::new(Visits { count: 3 }) };
/// let states = site.states().await?;
/// assert_eq!((states[0].name, states[0].lock), ("Visits", "visits"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StateInfo {
    /// The state's name.
    pub name: &'static str,
    /// The key of its lock, or the template of its locks.
    pub lock: &'static str,
    /// The number of the lock's last durable commit; `None` for a keyed state, whose instances have revisions of their own.
    pub revision: Option<u64>,
    /// How many instances a keyed state has.
    pub instances: Option<usize>,
    /// Whether it can be written as JSON.
    pub has_json: bool,
}

/// Why a state could not be used by its name.
///
/// ```
/// # use kr_runtime::prelude::*;
/// # #[derive(Clone, SharedState)]
/// # #[shared_state(lock = "visits")]
/// # struct Visits(u64);
/// # #[derive(Host)]
/// # struct Site { visits: Shared<Visits> }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let site = Site { visits: Shared::new(Visits(0)) };
/// let error = site.get_json("Visit").await.unwrap_err();
/// assert_eq!(error.to_string(), "there is no state `Visit`; there are `Visits`");
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StateByNameError {
    /// The host has no state of that name.
    #[error("there is no state `{name}`; there are `{}`", .known.join("`, `"))]
    Unknown {
        /// The name.
        name: String,
        /// The names that there are.
        known: Vec<&'static str>,
    },
    /// The state's type does not implement `Serialize`.
    #[error("state `{state}` cannot be written as JSON; write `#[derive(Serialize)]` on its type")]
    NotSerializable {
        /// The state's name.
        state: &'static str,
    },
    /// The value has a part that JSON has no form for.
    #[error("state `{state}` cannot be written as JSON: {reason}")]
    Json {
        /// The state's name.
        state: &'static str,
        /// Why.
        reason: String,
    },
    /// The value could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The value could not be changed.
    #[error(transparent)]
    Update(#[from] UpdateError),
}

/// The states of a host with these fields.
pub(super) async fn states(fields: Vec<HostField<'_>>) -> Result<Vec<StateInfo>, ReadError> {
    let info = |state_type: &StateType, revision, instances| StateInfo {
        name: state_type.name,
        lock: state_type.lock,
        revision,
        instances,
        has_json: state_type.traits.json.is_some(),
    };
    let mut states = Vec::with_capacity(fields.len());
    for field in &fields {
        states.push(match field {
            HostField::Single(cell) => {
                let address = cell.address.get();
                let revision =
                    address.map_or(0, |address| address.group.chain().durable().revision());
                info(&cell.state_type, Some(revision), None)
            }
            HostField::Keyed(keyed) => {
                let count = match keyed.key_space() {
                    Some((key_space, _)) => key_space.count().await?,
                    None => 0,
                };
                info(keyed.state_type(), None, Some(count))
            }
        });
    }
    Ok(states)
}

/// The value of a state as JSON.
pub(super) async fn json(
    fields: Vec<HostField<'_>>,
    name: &str,
) -> Result<Value, StateByNameError> {
    let field = find(&fields, name)?;
    let state_type = field.state_type();
    match field {
        HostField::Single(cell) => {
            let address = address::find(cell, || fields.clone()).map_err(ReadError::from)?;
            let value = read_value(&address.group, address.index, false).await?;
            let value = value.map_or_else(|| Arc::clone(&cell.initial), |(value, _)| value);
            to_json(state_type, &value)
        }
        HostField::Keyed(keyed) => {
            let mut members = Map::new();
            let Some((key_space, index)) = keyed.key_space() else {
                return Ok(members.into());
            };
            for instance in key_space.instances().await? {
                if let Some((value, _)) = read_value(&instance, index, true).await? {
                    let name = instance.group().lock.key().as_str().to_owned();
                    members.insert(name, to_json(state_type, &value)?);
                }
            }
            Ok(members.into())
        }
    }
}

fn to_json(state_type: &StateType, value: &store::Value) -> Result<Value, StateByNameError> {
    let state = state_type.name;
    let json = state_type.json(value);
    let json = json.ok_or(StateByNameError::NotSerializable { state })?;
    json.map_err(|error| StateByNameError::Json {
        state,
        reason: error.to_string(),
    })
}

/// Resets a state to its initial value, or removes the instances of a keyed one.
pub(super) async fn reset(
    fields: Vec<HostField<'_>>,
    name: &str,
    call_site: CallSite,
) -> Result<(), StateByNameError> {
    match find(&fields, name)? {
        HostField::Single(cell) => reset_single(cell, fields, call_site).await?,
        HostField::Keyed(keyed) => {
            if let Some((key_space, _)) = keyed.key_space() {
                for instance in key_space.instances().await? {
                    remove(instance, call_site).await?;
                }
            }
        }
    }
    Ok(())
}

/// Resets a state to its initial value.
pub(super) async fn reset_single(
    cell: &StateCell,
    fields: Vec<HostField<'_>>,
    call_site: CallSite,
) -> Result<(), UpdateError> {
    // Made before the lock is taken: a copy, so that counters start again and the initial value stays what it is.
    let initial = (cell.state_type.copy_with_new_counters)(&cell.initial);
    let plan = address::replacing(cell, || fields)?;
    update(&plan, call_site, |arguments| {
        arguments.replace(initial);
        Ok(())
    })
    .await
}

fn find<'h>(fields: &[HostField<'h>], name: &str) -> Result<HostField<'h>, StateByNameError> {
    if fields.iter().any(|field| !field.is_registered()) {
        register(fields).map_err(ReadError::from)?;
    }
    let found = fields.iter().find(|field| field.state_type().name == name);
    found.copied().ok_or_else(|| StateByNameError::Unknown {
        name: name.to_owned(),
        known: fields.iter().map(|field| field.state_type().name).collect(),
    })
}
