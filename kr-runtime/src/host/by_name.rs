//! The states of a host by their names, for tools that know no types.

use crate::host::by_type::Host;
use crate::lock::{LockError, Place};
use crate::state::registration::{Part, settle};
use crate::state::shared::{Cell, Kind};
use crate::state::shared_map;
use crate::store::key_space::Keyed;
use crate::transaction::access_plan::Guarded;
use crate::transaction::in_place;
use crate::transaction::run::{change, replacing};
use serde::Serialize;
use serde_json::{Map, Value};
use std::sync::Arc;

/// What a host has: a state, or a keyed one.
///
/// ```
/// # use kr_runtime::prelude::*;
/// # #[derive(Clone, Serialize, SharedState)]
/// # #[shared_state(lock = "visits")]
/// # struct Visits { count: u64 }
/// # #[derive(Host)]
/// # struct Site { visits: Shared<Visits> }
/// let site = Site { visits: Shared::new(Visits { count: 3 }) };
/// let states = site.states();
/// assert_eq!((states[0].name, states[0].lock), ("Visits", "visits"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StateStatus {
    /// The state's name.
    pub name: &'static str,
    /// The key of its lock, or the template of its locks.
    pub lock: &'static str,
    /// The lock's commits so far; `None` for a keyed state, whose instances have revisions of their own.
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
/// let site = Site { visits: Shared::new(Visits(0)) };
/// let error = site.get_json("Visit").unwrap_err();
/// assert_eq!(error.to_string(), "there is no state `Visit`; there are `Visits`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NamedError {
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
    Unwritten {
        /// The state's name.
        state: &'static str,
    },
    /// The value has a part that JSON has no form for.
    #[error("state `{state}` cannot be written as JSON: {reason}")]
    Json {
        /// The state's name.
        state: &'static str,
        /// What the serializer said.
        reason: String,
    },
    /// The lock was not granted, or the state is damaged.
    #[error(transparent)]
    Lock(#[from] LockError),
}

/// The states of a host.
pub(crate) fn states(host: &impl Host) -> Vec<StateStatus> {
    let status = |kind: &Kind, revision, instances| StateStatus {
        name: kind.name,
        lock: kind.lock,
        revision,
        instances,
        has_json: kind.traits.json.is_some(),
    };
    let parts = host.parts();
    let all = parts.iter().map(|part| match part {
        Part::One(cell) => {
            let revision = cell.home.get().map_or(0, |home| home.group.cut().revision);
            status(&cell.kind, Some(revision), None)
        }
        Part::Keyed(keyed) => {
            let count = keyed.family().map_or(0, |(family, _)| family.all().len());
            status(keyed.kind(), None, Some(count))
        }
    });
    all.collect()
}

/// The value of a state as JSON.
pub(crate) fn json(host: &impl Host, name: &str) -> Result<Value, NamedError> {
    match find(host, name)? {
        Part::One(cell) => {
            let value = match cell.home.get() {
                Some(home) => Arc::clone(&in_place::look(&home.group, home.slot)?.slots[home.slot]),
                None => Arc::clone(&cell.seed),
            };
            cell.kind.json(&value)
        }
        Part::Keyed(keyed) => {
            let mut instances = Map::new();
            let Some((family, slot)) = keyed.family() else {
                return Ok(instances.into());
            };
            for entered in family.all() {
                let value = in_place::look(entered.group(), slot)?
                    .slots
                    .get(slot)
                    .cloned();
                if let Some(value) = value {
                    let name = entered.group().lock.key().as_str().to_owned();
                    instances.insert(name, keyed.kind().json(&value)?);
                }
            }
            Ok(instances.into())
        }
    }
}

/// Puts a state back to its first value, or removes the instances of a keyed one.
pub(crate) async fn reset(host: &impl Host, name: &str, place: Place) -> Result<(), NamedError> {
    match find(host, name)? {
        Part::One(cell) => reset_one(host, cell, place).await?,
        Part::Keyed(keyed) => reset_all(keyed, place).await?,
    }
    Ok(())
}

pub(crate) async fn reset_one(
    host: &impl Host,
    cell: &Cell,
    place: Place,
) -> Result<(), LockError> {
    // Made before the lock is taken: a copy of the seed, so that counters start again and the seed stays what it is.
    let first = (cell.kind.afresh)(&cell.seed);
    let plan = replacing(host, cell).map_err(|error| *error)?;
    change(&plan, place, |states| {
        states.replace(first);
        Ok(())
    })
    .await
}

async fn reset_all(keyed: &dyn Keyed, place: Place) -> Result<(), LockError> {
    let instances = keyed.family().map(|(family, _)| family.all());
    for entered in instances.unwrap_or_default() {
        shared_map::remove(entered, place).await?;
    }
    Ok(())
}

fn find<'h>(host: &'h impl Host, name: &str) -> Result<Part<'h>, NamedError> {
    let parts = host.parts();
    if parts.iter().any(|part| !part.is_settled()) {
        settle(&parts)?;
    }
    let found = parts.iter().find(|part| part.kind().name == name);
    found.copied().ok_or_else(|| NamedError::Unknown {
        name: name.to_owned(),
        known: parts.iter().map(|part| part.kind().name).collect(),
    })
}
