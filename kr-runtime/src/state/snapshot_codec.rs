//! How the values of a state's type go into a snapshot of the whole host, and come back.

use crate::clixml;
use crate::store::{Upgrade, Value, check_json, downcast};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use std::any::Any;
use std::io::Write;
use std::sync::Arc;

/// How the values of a type go into a snapshot of the whole host, and come back.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct SnapshotCodec {
    pub(crate) write_json: WriteJson,
    pub(crate) from_json: fn(Json) -> Result<Value, String>,
    pub(crate) to_clixml: fn(&(dyn Any + Send + Sync)) -> Result<clixml::Value, String>,
    pub(crate) from_clixml: fn(&clixml::Value) -> Result<Value, String>,
    /// Makes a value of what an earlier version of the type has left.
    pub(crate) upgrade: Option<Upgrade>,
}

/// Writes a value as JSON.
type WriteJson = fn(&(dyn Any + Send + Sync), &mut dyn Write) -> Result<(), String>;

impl SnapshotCodec {
    pub(crate) const fn of<S: Serialize + DeserializeOwned + Send + Sync + 'static>() -> Self {
        Self {
            write_json: |state, writer| {
                let state = downcast::<S>(state);
                check_json(state)?;
                serde_json::to_writer(writer, state).map_err(|error| error.to_string())
            },
            from_json: |json| Ok(Arc::new(read::<S>(json)?)),
            to_clixml: |state| {
                clixml::to_value(downcast::<S>(state)).map_err(|error| error.to_string())
            },
            from_clixml: |value| {
                let state = clixml::from_value::<S>(value);
                Ok(Arc::new(state.map_err(|error| error.to_string())?))
            },
            upgrade: None,
        }
    }

    /// With what makes a value of what an earlier version of the type has left.
    pub(crate) const fn upgraded_by(self, upgrade: Upgrade) -> Self {
        Self {
            upgrade: Some(upgrade),
            ..self
        }
    }
}

fn read<S: DeserializeOwned>(json: Json) -> Result<S, String> {
    serde_path_to_error::deserialize(json).map_err(|error| {
        match error.path().to_string().as_str() {
            "." => error.inner().to_string(),
            path => format!("{}, at `{path}`", error.inner()),
        }
    })
}
