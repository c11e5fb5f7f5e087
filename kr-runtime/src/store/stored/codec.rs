//! How the values of a state's type are written for a store, and read again.

use super::super::stored_counters::with_counters;
use super::super::version::{Value, downcast};
use super::json_check;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// How the values of a state are kept: as JSON, with the version of their type.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Storage {
    version: u32,
    codec: Codec,
    upgrade: Option<Upgrade>,
}

/// Writes and reads the values of a type.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Codec {
    write: fn(&(dyn Any + Send + Sync), &mut Vec<u8>) -> Result<(), String>,
    read: fn(&str) -> Result<Value, String>,
}

/// Makes a value of what an earlier version of the type has left.
pub(crate) type Upgrade = fn(u32, serde_json::Value) -> Result<Value, String>;

/// Makes a value of a state from what an upgrade function returns.
///
/// # Errors
/// The error as a text.
#[doc(hidden)]
pub fn upgraded<S, E>(result: Result<S, E>) -> Result<Value, String>
where
    S: Send + Sync + 'static,
    E: fmt::Display,
{
    match result {
        Ok(state) => Ok(Arc::new(state)),
        Err(error) => Err(error.to_string()),
    }
}

impl Codec {
    pub(crate) const fn of<S: Serialize + DeserializeOwned + Send + Sync + 'static>() -> Self {
        Self {
            write: |value, json| write(downcast::<S>(value), json),
            read: |json| Ok(Arc::new(read::<S>(json)?)),
        }
    }
}

/// Writes a value that is sure to be read again.
fn write<S: Serialize + DeserializeOwned>(state: &S, json: &mut Vec<u8>) -> Result<(), String> {
    // The counters are found when they are written.
    let checked = with_counters(|| json_check::check(state)).0;
    checked.map_err(|error| error.to_string())?;
    let start = json.len();
    serde_json::to_writer(&mut *json, state).map_err(|error| error.to_string())?;
    // `serde_json` writes UTF-8.
    let written = std::str::from_utf8(&json[start..]).map_err(|error| error.to_string())?;
    // The counters of this one are nobody's.
    match with_counters(|| read::<S>(written)).0 {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("it would not read back: {error}")),
    }
}

/// Finds what JSON would not read back as it was.
///
/// # Errors
/// What it is, and where in the value.
#[cfg(feature = "operations")]
pub(crate) fn check_json<S: Serialize>(state: &S) -> Result<(), String> {
    json_check::check(state).map_err(|error| error.to_string())
}

fn read<S: DeserializeOwned>(json: &str) -> Result<S, String> {
    let mut reader = serde_json::Deserializer::from_str(json);
    let read = serde_path_to_error::deserialize(&mut reader);
    let state = read.map_err(|error| {
        let path = error.path().to_string();
        match path.as_str() {
            "." => error.inner().to_string(),
            _ => format!("{}, at `{path}`", error.inner()),
        }
    })?;
    reader.end().map_err(|error| error.to_string())?;
    Ok(state)
}

impl Storage {
    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(codec: Codec, version: u32, upgrade: Option<Upgrade>) -> Self {
        Self {
            version,
            codec,
            upgrade,
        }
    }

    /// The version of the type.
    pub(crate) fn version(&self) -> u32 {
        self.version
    }

    /// Appends a value as JSON.
    ///
    /// # Errors
    /// Why it would not read back as it is, and where in the value.
    pub(crate) fn write(
        &self,
        value: &(dyn Any + Send + Sync),
        json: &mut Vec<u8>,
    ) -> Result<(), String> {
        (self.codec.write)(value, json)
    }

    /// Reads a value that this version of the type has left, or an earlier one.
    ///
    /// # Errors
    /// Why it cannot be read, where in the value, and what to do.
    pub(crate) fn read(&self, version: u32, json: &str) -> Result<Value, String> {
        if version > self.version {
            return Err(format!(
                "it has version {version} and this program knows version {} only; start the newer program",
                self.version
            ));
        }
        if version == self.version {
            return (self.codec.read)(json).map_err(|error| {
                format!(
                    "{error}; give new fields `#[serde(default)]`, or raise the state's `version` and write an `upgrade`"
                )
            });
        }
        let Some(upgrade) = self.upgrade else {
            return Err(format!(
                "it has version {version} and this program has version {} without an `upgrade`; write \
                 `#[shared_state(…, version = {}, upgrade = function)]`",
                self.version, self.version
            ));
        };
        let json = serde_json::from_str(json).map_err(|error| error.to_string())?;
        upgrade(version, json)
            .map_err(|error| format!("the upgrade from version {version} failed: {error}"))
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Storage")
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Notes {
        texts: Vec<String>,
        #[serde(flatten)]
        by_number: BTreeMap<u8, u8>,
    }

    fn round_trip<S: Serialize + DeserializeOwned + Send + Sync + 'static>(
        state: S,
    ) -> Result<Value, String> {
        let storage = Storage::new(Codec::of::<S>(), 1, None);
        let mut json = Vec::new();
        storage.write(&state, &mut json)?;
        storage.read(1, std::str::from_utf8(&json).unwrap())
    }

    #[test]
    fn a_value_reads_back() {
        let value = round_trip((u128::MAX, "\0 ä".to_owned(), Some(1.5))).unwrap();
        let expected = (u128::MAX, "\0 ä".to_owned(), Some(1.5));
        assert_eq!(downcast::<(u128, String, Option<f64>)>(&*value), &expected);
    }

    #[test]
    fn what_would_not_read_back_is_refused_with_its_place() {
        // serde does not read numbers as keys of a flattened map.
        let notes = Notes {
            texts: Vec::new(),
            by_number: BTreeMap::from([(1, 2)]),
        };
        let error = round_trip(notes).unwrap_err();
        assert!(error.starts_with("it would not read back: "), "{error}");
        let error = round_trip(vec![Some(1.0), Some(f64::NAN)]).unwrap_err();
        assert!(error.ends_with("at `[1]`"), "{error}");
    }

    #[test]
    fn an_older_version_is_upgraded_and_a_newer_one_refused() {
        let storage = Storage::new(
            Codec::of::<u64>(),
            3,
            Some(|version, json| {
                upgraded(
                    json.as_u64()
                        .map(|n| n * 10 + u64::from(version))
                        .ok_or("no"),
                )
            }),
        );
        assert_eq!(downcast::<u64>(&*storage.read(3, "7").unwrap()), &7);
        assert_eq!(downcast::<u64>(&*storage.read(2, "7").unwrap()), &72);
        assert_eq!(
            storage.read(1, "\"x\"").unwrap_err(),
            "the upgrade from version 1 failed: no"
        );
        assert!(storage.read(4, "7").unwrap_err().contains("newer program"));
    }

    #[test]
    fn an_unreadable_value_says_where_and_what_to_do() {
        let storage = Storage::new(Codec::of::<Notes>(), 1, None);
        let error = storage.read(1, r#"{"texts":["a",7]}"#).unwrap_err();
        assert!(error.contains("at `texts[1]`"), "{error}");
        assert!(error.contains("#[serde(default)]"), "{error}");
    }
}
