//! Bits that the disk has changed.

use crate::office::Running;
use crate::support::{change, closed, note, rounds};
use kr_tests::stores::Disk;

const ACCOUNTS: u64 = 40;

fn note_of(account: u64) -> String {
    format!("note {account} {}", "abcdefgh".repeat(20))
}

/// The bytes of a store that was closed.
async fn written() -> Vec<u8> {
    let disk = Disk::default();
    let running = Running::start(disk.open().unwrap()).await.unwrap();
    let mut client = running.client().await;
    for account in 0..ACCOUNTS {
        assert_eq!(change(&mut client, account, &note_of(account)).await, 200);
    }
    let headers = [("idempotency-key", "one")];
    let first = client
        .send_with(http::Method::POST, "/orders", &headers, "")
        .await;
    assert_eq!(first.json(), 1);
    drop((client, running));
    closed(|| disk.bytes()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_bit_leaves_no_wrong_value() {
    let bytes = written().await;
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let (mut refused, mut unread, mut unnoticed) = (0, 0, 0);
    for flip in 0..rounds("KR_CRASHES", 200) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let mut flipped = bytes.clone();
        // Most of a small file is empty: three of four flips hit what is not.
        let mut at = (random >> 8) as usize % bytes.len();
        while flip % 4 != 0 && bytes[at] == 0 {
            at = (at + 1) % bytes.len();
        }
        flipped[at] ^= 1 << (random % 8);
        let disk = Disk::of(flipped.clone());
        let store = match disk.open() {
            Ok(store) => store,
            Err(error) => {
                let error = error.to_string();
                assert!(error.contains("test backend"), "{error}");
                // Nothing in it was made worse by an attempt to mend it.
                assert!(disk.bytes() == flipped, "flip at {at}");
                refused += 1;
                continue;
            }
        };
        let Ok(running) = Running::start(store).await else {
            refused += 1;
            continue;
        };
        let accounts = &running.office.accounts;
        let mut failed = 0;
        for key in 0..ACCOUNTS {
            match accounts.get(&key).await {
                Ok(Some(account)) => assert_eq!(account.note, note_of(key), "flip at {at}"),
                Ok(None) => panic!("flip at {at}: account {key} is not found"),
                Err(_) => failed += 1,
            }
        }
        if let Ok(page) = accounts.page(None, 1000).await {
            let mut keys: Vec<u64> = page.entries.iter().map(|(key, _)| *key).collect();
            keys.extend(page.unreadable.iter().map(|(key, _)| *key));
            keys.sort_unstable();
            assert_eq!(keys, (0..ACCOUNTS).collect::<Vec<_>>(), "flip at {at}");
            assert!(
                page.entries
                    .iter()
                    .all(|(key, account)| account.note == note_of(*key))
            );
        }
        if let Ok(count) = accounts.len().await {
            assert_eq!(count as u64, ACCOUNTS, "flip at {at}");
        }
        let mut client = running.client().await;
        let headers = [("idempotency-key", "one")];
        let again = client
            .send_with(http::Method::POST, "/orders", &headers, "")
            .await;
        if again.status == 200 {
            assert_eq!(again.json(), 1, "flip at {at}");
        }
        match failed {
            0 => unnoticed += 1,
            _ => unread += 1,
        }
    }
    println!("{refused} refused, {unread} with keys that fail, {unnoticed} where nothing is kept");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_row_with_a_flipped_bit_fails_alone_and_lists_name_it() {
    use redb::{Builder, ReadableTable as _, TableDefinition};
    const ROWS: TableDefinition<'_, (&str, &[u8]), &[u8]> = TableDefinition::new("rows");
    // The engine's own checksums are right: as if the bit had changed in memory, on the way to the disk.
    let bytes = written().await;
    let disk = Disk::of(bytes);
    let database = Builder::new().create_with_backend(disk.clone()).unwrap();
    let transaction = database.begin_write().unwrap();
    {
        let mut rows = transaction.open_table(ROWS).unwrap();
        let is_seventh = |row: &[u8]| row.windows(7).any(|window| window == b"note 7 ");
        let found = rows
            .iter()
            .unwrap()
            .map(Result::unwrap)
            .find_map(|(address, row)| {
                let (space, key) = address.value();
                let found = (space.to_owned(), key.to_owned(), row.value().to_vec());
                is_seventh(row.value()).then_some(found)
            });
        let (space, key, mut row) = found.expect("the row");
        row[40] ^= 4;
        rows.insert((&*space, &*key), &row[..]).unwrap();
    }
    transaction.commit().unwrap();
    drop(database);
    let running = Running::start(disk.open().unwrap()).await.unwrap();
    let mut client = running.client().await;
    for account in 0..ACCOUNTS {
        let expected = if account == 7 {
            Err(500)
        } else {
            Ok(note_of(account))
        };
        assert_eq!(note(&mut client, account).await, expected);
    }
    let page = running.office.accounts.page(None, 1000).await.unwrap();
    assert_eq!(page.entries.len() as u64, ACCOUNTS - 1);
    let unreadable: Vec<u64> = page.unreadable.iter().map(|(key, _)| *key).collect();
    assert_eq!(unreadable, [7]);
    let error = running
        .office
        .accounts
        .get(&7)
        .await
        .unwrap_err()
        .to_string();
    for part in ["test backend", "damaged", "backup"] {
        assert!(error.contains(part), "{part} is not in: {error}");
    }
}
