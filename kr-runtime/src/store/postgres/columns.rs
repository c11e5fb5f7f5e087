//! Rows and responses, column by column: a statement takes each as an array.

use super::row::{NewRow, WantedRow, to_column};
use crate::store::response_record::ResponseRecord;
use crate::store::stored::RowAddress;
use tokio_postgres::types::{ToSql, Type};

type Parameter<'p> = (&'p (dyn ToSql + Sync), Type);

/// Wanted rows, column by column.
pub(super) struct WantedColumns<'w> {
    spaces: Vec<&'w str>,
    keys: Vec<&'w [u8]>,
    locks: Vec<&'w str>,
    revisions: Vec<i64>,
    epochs: Vec<i64>,
    counted: Vec<i64>,
}

impl<'w> WantedColumns<'w> {
    pub(super) fn of(wanted: &'w [WantedRow]) -> Self {
        let known = || wanted.iter().map(WantedRow::stamp);
        Self {
            spaces: wanted.iter().map(|row| &*row.address.space).collect(),
            keys: wanted.iter().map(|row| &*row.address.key).collect(),
            locks: wanted.iter().map(|row| &*row.lock).collect(),
            revisions: known().map(|stamp| to_column(stamp.revision)).collect(),
            epochs: known().map(|stamp| to_column(stamp.epoch)).collect(),
            counted: wanted.iter().map(|row| row.counted).collect(),
        }
    }

    pub(super) fn known(&self) -> [Parameter<'_>; 5] {
        [
            (&self.spaces, Type::TEXT_ARRAY),
            (&self.keys, Type::BYTEA_ARRAY),
            (&self.revisions, Type::INT8_ARRAY),
            (&self.epochs, Type::INT8_ARRAY),
            (&self.counted, Type::INT8_ARRAY),
        ]
    }

    /// The names of some of them, by their numbers.
    pub(super) fn names(&self, numbers: &[usize]) -> NameColumns<'w> {
        let numbers = || numbers.iter().copied();
        NameColumns {
            spaces: numbers().map(|number| self.spaces[number]).collect(),
            keys: numbers().map(|number| self.keys[number]).collect(),
            locks: numbers().map(|number| self.locks[number]).collect(),
        }
    }
}

/// The names of rows to make.
pub(super) struct NameColumns<'w> {
    spaces: Vec<&'w str>,
    keys: Vec<&'w [u8]>,
    locks: Vec<&'w str>,
}

impl NameColumns<'_> {
    pub(super) fn all(&self) -> [Parameter<'_>; 3] {
        [
            (&self.spaces, Type::TEXT_ARRAY),
            (&self.keys, Type::BYTEA_ARRAY),
            (&self.locks, Type::TEXT_ARRAY),
        ]
    }
}

/// The addresses of rows.
pub(super) struct AddressColumns<'r> {
    spaces: Vec<&'r str>,
    keys: Vec<&'r [u8]>,
}

impl<'r> AddressColumns<'r> {
    pub(super) fn of(rows: &[&'r RowAddress]) -> Self {
        Self {
            spaces: rows.iter().map(|row| &*row.space).collect(),
            keys: rows.iter().map(|row| &*row.key).collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub(super) fn all(&self) -> [Parameter<'_>; 2] {
        [
            (&self.spaces, Type::TEXT_ARRAY),
            (&self.keys, Type::BYTEA_ARRAY),
        ]
    }
}

/// Rows to write.
pub(super) struct NewColumns<'r> {
    spaces: Vec<&'r str>,
    keys: Vec<&'r [u8]>,
    old: Vec<i64>,
    old_epochs: Vec<i64>,
    revisions: Vec<i64>,
    epochs: Vec<i64>,
    counted: Vec<i64>,
    states: Vec<Option<&'r str>>,
}

impl<'r> NewColumns<'r> {
    pub(super) fn of(rows: &'r [NewRow]) -> Self {
        let old = || rows.iter().map(|row| row.old);
        let new = || rows.iter().map(|row| row.new);
        Self {
            spaces: rows.iter().map(|row| &*row.address.space).collect(),
            keys: rows.iter().map(|row| &*row.address.key).collect(),
            old: old().map(|stamp| to_column(stamp.revision)).collect(),
            old_epochs: old().map(|stamp| to_column(stamp.epoch)).collect(),
            revisions: new().map(|stamp| to_column(stamp.revision)).collect(),
            epochs: new().map(|stamp| to_column(stamp.epoch)).collect(),
            counted: rows.iter().map(|row| i64::from(row.is_counted)).collect(),
            states: rows.iter().map(|row| row.states.as_deref()).collect(),
        }
    }

    /// The values of the first row: the statement for a single row plans sooner.
    pub(super) fn one(&self) -> Vec<Parameter<'_>> {
        vec![
            (&self.spaces[0], Type::TEXT),
            (&self.keys[0], Type::BYTEA),
            (&self.old[0], Type::INT8),
            (&self.old_epochs[0], Type::INT8),
            (&self.revisions[0], Type::INT8),
            (&self.epochs[0], Type::INT8),
            (&self.counted[0], Type::INT8),
            (&self.states[0], Type::TEXT),
        ]
    }

    pub(super) fn several(&self) -> Vec<Parameter<'_>> {
        vec![
            (&self.spaces, Type::TEXT_ARRAY),
            (&self.keys, Type::BYTEA_ARRAY),
            (&self.old, Type::INT8_ARRAY),
            (&self.old_epochs, Type::INT8_ARRAY),
            (&self.revisions, Type::INT8_ARRAY),
            (&self.epochs, Type::INT8_ARRAY),
            (&self.counted, Type::INT8_ARRAY),
            (&self.states, Type::TEXT_ARRAY),
        ]
    }
}

/// Responses to keep.
pub(super) struct ResponseColumns<'r> {
    ids: Vec<&'r [u8]>,
    clients: Vec<&'r [u8]>,
    requests: Vec<&'r [u8]>,
    bodies: Vec<&'r [u8]>,
    seconds: Vec<f64>,
}

impl<'r> ResponseColumns<'r> {
    pub(super) fn of(responses: &[&'r ResponseRecord]) -> Self {
        let parts: Vec<_> = responses.iter().map(|record| record.parts()).collect();
        Self {
            ids: parts.iter().map(|parts| parts.id).collect(),
            clients: parts.iter().map(|parts| parts.client).collect(),
            requests: parts.iter().map(|parts| parts.request).collect(),
            bodies: parts.iter().map(|parts| parts.response).collect(),
            seconds: responses
                .iter()
                .map(|record| record.keep_for().as_secs_f64())
                .collect(),
        }
    }

    pub(super) fn all(&self) -> [Parameter<'_>; 5] {
        [
            (&self.ids, Type::BYTEA_ARRAY),
            (&self.clients, Type::BYTEA_ARRAY),
            (&self.requests, Type::BYTEA_ARRAY),
            (&self.bodies, Type::BYTEA_ARRAY),
            (&self.seconds, Type::FLOAT8_ARRAY),
        ]
    }
}
