//! The states of a lock, as a store keeps them.

use super::codec::Storage;
use super::row::{OtherState, RawRow, RawState, RowWriter};
use crate::store::version::{Value, Values};
use smallvec::SmallVec;
use std::sync::{PoisonError, RwLock};

/// The states of one lock, or of one template, each at its index.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    states: RwLock<Vec<Option<StateSchema>>>,
}

/// A state that is kept; a transient one has none.
#[derive(Debug, Clone, Copy)]
struct StateSchema {
    name: &'static str,
    storage: Storage,
}

/// A row that has been read.
pub(crate) struct ReadRow {
    pub(crate) revision: u64,
    /// What tells the revision from the same one in another life of the state.
    pub(crate) epoch: u64,
    /// The values of the states, each at its index; none for those that the row does not have.
    pub(crate) values: SmallVec<[Option<Value>; 1]>,
    /// States that this program does not have.
    pub(crate) other: Vec<OtherState>,
}

/// Why a value cannot be kept.
#[derive(Debug)]
pub(crate) struct Unwritable {
    pub(crate) state: &'static str,
    pub(crate) reason: String,
}

impl Schema {
    /// Says how the state at an index is kept; not at all without a storage.
    pub(crate) fn set(&self, index: usize, name: &'static str, storage: Option<Storage>) {
        let mut states = self.states.write().unwrap_or_else(PoisonError::into_inner);
        if states.len() <= index {
            states.resize(index + 1, None);
        }
        states[index] = storage.map(|storage| StateSchema { name, storage });
    }

    /// Whether any of the states is kept.
    pub(crate) fn is_kept(&self) -> bool {
        self.read().iter().any(Option::is_some)
    }

    /// The row of these values.
    pub(crate) fn write_row(
        &self,
        revision: u64,
        epoch: u64,
        values: &Values,
        other: &[OtherState],
    ) -> Result<Vec<u8>, Unwritable> {
        let mut row = RowWriter::new(revision, epoch);
        for (state, value) in self.read().iter().zip(values) {
            let Some(StateSchema { name, storage }) = state else {
                continue;
            };
            row.state(name, storage.version(), |json| {
                storage.write(&**value, json)
            })
            .map_err(|reason| Unwritable {
                state: name,
                reason,
            })?;
        }
        for state in other {
            let written: Result<(), Unwritable> = row.state(&state.name, state.version, |json| {
                json.extend(state.value.get().as_bytes());
                Ok(())
            });
            written?;
        }
        Ok(row.finish())
    }

    /// Reads a row.
    ///
    /// # Errors
    /// Which state cannot be read, and why.
    pub(crate) fn read_row(&self, row: &[u8]) -> Result<ReadRow, String> {
        let mut row = RawRow::parse(row)?;
        let states = self.read();
        let mut values = SmallVec::new();
        for state in states.iter() {
            let found = state.and_then(|state| Some((state, row.states.remove(state.name)?)));
            let Some((StateSchema { name, storage }, RawState { version, value })) = found else {
                values.push(None);
                continue;
            };
            let value = storage.read(version, value.get());
            let value = value.map_err(|reason| format!("state `{name}` cannot be read: {reason}"));
            values.push(Some(value?));
        }
        let epoch = row.epoch()?;
        let other = row.states.into_iter().map(|(name, state)| OtherState {
            name: name.into_owned(),
            version: state.version,
            value: state.value.to_owned(),
        });
        Ok(ReadRow {
            revision: row.revision,
            epoch,
            values,
            other: other.collect(),
        })
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Vec<Option<StateSchema>>> {
        self.states.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Codec;
    use super::*;
    use crate::store::downcast;
    use std::sync::Arc;

    fn storage<S>() -> Option<Storage>
    where
        S: serde::Serialize + serde::de::DeserializeOwned + Send + Sync + 'static,
    {
        Some(Storage::new(Codec::of::<S>(), 1, None))
    }

    fn values() -> Values {
        [
            Arc::new(7_u64) as Value,
            Arc::new(()),
            Arc::new("a".to_owned()),
        ]
        .into_iter()
        .collect()
    }

    fn schema() -> Schema {
        let schema = Schema::default();
        schema.set(0, "Count", storage::<u64>());
        schema.set(1, "Cache", None);
        schema.set(2, "Name", storage::<String>());
        schema
    }

    #[test]
    fn a_row_reads_back_without_its_transient_states() {
        let row = schema().write_row(17, 0xbeef, &values(), &[]).unwrap();
        let text = String::from_utf8(row.clone()).unwrap();
        assert_eq!(
            text,
            r#"{"revision":17,"epoch":"000000000000beef","states":{"Count":{"version":1,"value":7},"Name":{"version":1,"value":"a"}}}"#
        );
        let read = schema().read_row(&row).unwrap();
        assert_eq!((read.revision, read.epoch), (17, 0xbeef));
        assert_eq!(downcast::<u64>(&**read.values[0].as_ref().unwrap()), &7);
        assert!(read.values[1].is_none());
        assert_eq!(downcast::<String>(&**read.values[2].as_ref().unwrap()), "a");
    }

    #[test]
    fn a_state_that_the_program_does_not_have_stays_in_the_row() {
        let row = schema().write_row(1, 1, &values(), &[]).unwrap();
        let smaller = Schema::default();
        smaller.set(0, "Name", storage::<String>());
        let read = smaller.read_row(&row).unwrap();
        let values = read.values.into_iter().flatten().collect();
        let row = smaller.write_row(2, 1, &values, &read.other).unwrap();
        let read = schema().read_row(&row).unwrap();
        assert_eq!(downcast::<u64>(&**read.values[0].as_ref().unwrap()), &7);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let row = schema().write_row(1, 1, &values(), &[]).unwrap();
        let other = Schema::default();
        other.set(0, "Name", storage::<u64>());
        let error = other.read_row(&row).map(drop).unwrap_err();
        assert!(
            error.starts_with("state `Name` cannot be read: "),
            "{error}"
        );
        let error = other.read_row(&row[1..]).map(drop).unwrap_err();
        assert!(error.starts_with("the row is damaged: "), "{error}");
    }
}
