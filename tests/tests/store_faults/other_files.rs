//! Files of other programs, and of other versions of this one. (Plain files and folders are with the stores' own tests.)

use crate::support::error_of;
use kr_runtime::{Store, StoreError};
use redb::{Database, ReadableDatabase as _, TableDefinition};
use std::fs;

const OTHER: TableDefinition<'_, &str, u64> = TableDefinition::new("sessions");

/// As `store/file/format.rs` has it.
const META: TableDefinition<'_, &str, u64> = TableDefinition::new("kr");

#[test]
fn a_database_of_another_program_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.redb");
    let database = Database::create(&path).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction
        .open_table(OTHER)
        .unwrap()
        .insert("one", 1)
        .unwrap();
    transaction.commit().unwrap();
    drop(database);
    let error = error_of(&path);
    assert!(matches!(error, StoreError::NotAStore { .. }), "{error}");
    let database = Database::open(&path).unwrap();
    let transaction = database.begin_read().unwrap();
    let table = transaction.open_table(OTHER).unwrap();
    assert_eq!(table.get("one").unwrap().unwrap().value(), 1);
}

#[test]
fn a_file_of_a_newer_version_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.kr");
    drop(Store::open(&path).unwrap());
    let database = loop {
        match Database::open(&path) {
            // The threads of the store end a moment after it.
            Err(redb::DatabaseError::DatabaseAlreadyOpen) => std::thread::yield_now(),
            opened => break opened.unwrap(),
        }
    };
    let transaction = database.begin_write().unwrap();
    transaction
        .open_table(META)
        .unwrap()
        .insert("format", 99)
        .unwrap();
    transaction.commit().unwrap();
    drop(database);
    let error = error_of(&path);
    assert!(
        matches!(error, StoreError::Newer { version: 99, .. }),
        "{error}"
    );
    let database = Database::open(&path).unwrap();
    let transaction = database.begin_read().unwrap();
    let meta = transaction.open_table(META).unwrap();
    assert_eq!(meta.get("format").unwrap().unwrap().value(), 99);
}

#[test]
fn a_file_of_the_first_version_of_redb_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bank.kr");
    let mut bytes = b"redb\x1A\x0A\xA9\x0D\x0A".to_vec();
    bytes.resize(8192, 0xFF);
    fs::write(&path, &bytes).unwrap();
    error_of(&path);
    assert!(fs::read(&path).unwrap() == bytes);
}
