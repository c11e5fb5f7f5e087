//! Whether a batch is in the file although writing it has failed. It is there as a whole or not at all.

use super::format::{RESPONSES, ROWS, SPACES, seal, unseal_response};
use crate::store::engine::{Batch, ResponseRecord, RowChange};
use redb::{Database, ReadOnlyTable, ReadableDatabase};
use std::collections::BTreeMap;
use std::fmt::Display;

/// Whether everything that the batch leaves is there. If it was there before, the batch changes nothing.
///
/// # Errors
/// If it cannot be read.
pub(super) fn is_kept(database: &Database, batch: &Batch) -> Result<bool, String> {
    let file = Tables::open(database)?;
    let mut found = Vec::new();
    for change in &batch.rows {
        found.push(file.has_row(change)?);
    }
    // One that was forgotten at once may have been made again.
    let responses = batch.commits.iter().filter_map(|one| one.response.as_ref());
    let last: BTreeMap<_, _> = responses.map(|record| (record.id(), record)).collect();
    for response in last.into_values() {
        found.push(file.has_response(response)?);
    }
    // Of a batch that leaves nothing it cannot be said, and it can be written again.
    Ok(!found.is_empty() && found.into_iter().all(|found| found))
}

struct Tables {
    rows: ReadOnlyTable<(&'static str, &'static [u8]), &'static [u8]>,
    spaces: ReadOnlyTable<&'static str, (u64, u64)>,
    responses: Option<Responses>,
}

type Responses = ReadOnlyTable<&'static [u8], (u64, &'static [u8])>;

impl Tables {
    fn open(database: &Database) -> Result<Self, String> {
        let transaction = database.begin_read().map_err(text)?;
        Ok(Self {
            rows: transaction.open_table(ROWS).map_err(text)?,
            spaces: transaction.open_table(SPACES).map_err(text)?,
            // It is made with the first response.
            responses: match transaction.open_table(RESPONSES) {
                Ok(table) => Some(table),
                Err(redb::TableError::TableDoesNotExist(_)) => None,
                Err(error) => return Err(text(error)),
            },
        })
    }

    fn has_row(&self, change: &RowChange) -> Result<bool, String> {
        let RowChange {
            address,
            revision,
            row,
        } = change;
        let space = &*address.space;
        let found = self.rows.get((space, &address.key[..])).map_err(text)?;
        match (row, found) {
            (Some(row), Some(found)) => Ok(found.value() == seal(space, &address.key, row)),
            (None, None) => {
                let info = self.spaces.get(space).map_err(text)?;
                Ok(info.is_some_and(|info| info.value().1 >= *revision))
            }
            _ => Ok(false),
        }
    }

    fn has_response(&self, record: &ResponseRecord) -> Result<bool, String> {
        let Some(responses) = &self.responses else {
            return Ok(false);
        };
        let Some(found) = responses.get(&record.id()[..]).map_err(text)? else {
            return Ok(false);
        };
        let (until, sealed) = found.value();
        let bytes = unseal_response(record.id(), until, sealed)?;
        Ok(bytes == record.to_bytes())
    }
}

fn text(error: impl Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::super::engine::{write_responses, write_rows};
    use super::*;
    use crate::store::engine::{CommitRecord, RowAddress};
    use redb::Builder;
    use redb::backends::InMemoryBackend;
    use std::collections::BTreeSet;
    use std::time::Duration;

    fn database() -> Database {
        let database = Builder::new().create_with_backend(InMemoryBackend::new());
        let database = database.unwrap();
        let transaction = database.begin_write().unwrap();
        transaction.open_table(ROWS).unwrap();
        transaction.open_table(SPACES).unwrap();
        transaction.commit().unwrap();
        database
    }

    fn batch(changes: &[(&str, u64, Option<&str>)]) -> Batch {
        let rows = changes.iter().map(|(key, revision, row)| RowChange {
            address: RowAddress {
                space: "cart:{}".into(),
                key: key.as_bytes().into(),
            },
            revision: *revision,
            row: row.map(|row| row.as_bytes().to_vec()),
        });
        Batch {
            commits: Vec::new(),
            rows: rows.collect(),
            forgotten: Vec::new(),
        }
    }

    fn write(database: &Database, batch: &Batch) {
        let transaction = database.begin_write().unwrap();
        write_rows(&transaction, &batch.rows).unwrap();
        write_responses(&transaction, batch, &BTreeSet::new()).unwrap();
        transaction.commit().unwrap();
    }

    #[track_caller]
    fn check(before: &[(&str, u64, Option<&str>)], changes: &[(&str, u64, Option<&str>)]) {
        let database = database();
        write(&database, &batch(before));
        let batch = batch(changes);
        assert_eq!(is_kept(&database, &batch), Ok(false));
        write(&database, &batch);
        assert_eq!(is_kept(&database, &batch), Ok(true));
    }

    #[test]
    fn a_new_row_tells() {
        check(&[], &[("a", 1, Some("one"))]);
    }

    #[test]
    fn a_changed_row_tells() {
        check(&[("a", 1, Some("one"))], &[("a", 2, Some("two"))]);
    }

    #[test]
    fn a_removed_row_tells() {
        check(&[("a", 1, Some("one"))], &[("a", 2, None)]);
    }

    #[test]
    fn the_removal_of_a_row_that_was_never_written_tells() {
        check(&[("b", 1, Some("one"))], &[("a", 2, None)]);
    }

    #[test]
    fn one_row_that_is_not_there_tells() {
        check(
            &[("a", 1, Some("one"))],
            &[("a", 1, Some("one")), ("b", 1, Some("two"))],
        );
    }

    /// A batch of calls with one key, with these responses.
    fn responses(texts: &[&str]) -> Batch {
        let commits = texts.iter().map(|text| {
            let bytes = [&[1; 96], text.as_bytes()].concat();
            CommitRecord {
                locks: Vec::new(),
                response: ResponseRecord::from_bytes(&bytes, Duration::from_secs(60)),
            }
        });
        Batch {
            commits: commits.collect(),
            ..batch(&[])
        }
    }

    #[test]
    fn a_response_tells() {
        let database = database();
        let first = responses(&["first"]);
        assert_eq!(is_kept(&database, &first), Ok(false));
        write(&database, &first);
        assert_eq!(is_kept(&database, &first), Ok(true));
        assert_eq!(is_kept(&database, &responses(&["second"])), Ok(false));
    }

    #[test]
    fn the_last_response_with_a_key_tells() {
        let (database, both) = (database(), responses(&["first", "second"]));
        write(&database, &both);
        assert_eq!(is_kept(&database, &both), Ok(true));
    }

    #[test]
    fn a_batch_that_leaves_nothing_is_written_again() {
        assert_eq!(is_kept(&database(), &batch(&[])), Ok(false));
    }
}
