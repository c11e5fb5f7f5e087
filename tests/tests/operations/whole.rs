//! Snapshots of a whole host: one moment, and one change or none.

use crate::service::{Page, Site};
use kr_runtime::prelude::*;
use kr_runtime::{HostSnapshotError, SharedMap, Store};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) async fn filled() -> Site {
    let site = Site::new();
    site.update(|page: &mut Page| page.notes.push("a".to_owned()))
        .await
        .unwrap();
    for id in ["7", "x\"<y>"] {
        site.carts
            .update(&id.to_owned(), |cart| cart.items.push(id.to_owned()))
            .await
            .unwrap();
    }
    site
}

pub(crate) async fn change(site: &Site) {
    site.update(|page: &mut Page| page.notes.clear())
        .await
        .unwrap();
    site.carts.remove(&"7".to_owned()).await.unwrap();
    site.carts
        .update(&"8".to_owned(), |cart| cart.items.push("new".to_owned()))
        .await
        .unwrap();
}

pub(crate) async fn documents(site: &Site) -> [String; 2] {
    let snapshot = site.snapshot().await.unwrap();
    [snapshot.to_json().unwrap(), snapshot.to_clixml().unwrap()]
}

pub(crate) async fn restore(
    site: &Site,
    document: &str,
) -> std::result::Result<kr_runtime::Restored, HostSnapshotError> {
    let snapshot = site.read_snapshot(document.as_bytes())?;
    let preview = site.preview_restore(snapshot).await?;
    site.restore_all(preview).await
}

#[tokio::test]
async fn what_was_taken_comes_back_as_one_change_and_revisions_go_on() {
    let site = filled().await;
    for document in documents(&site).await {
        let before = site.read::<Page>().await.unwrap().revision();
        change(&site).await;
        let removed = site.carts.read(&"7".to_owned()).await.unwrap().revision();
        let restored = restore(&site, &document).await.unwrap();
        assert_eq!(
            (restored.states, restored.instances, restored.removed),
            (2, 2, 1),
            "{document}"
        );
        let page = site.read::<Page>().await.unwrap();
        assert_eq!(
            (page.title.as_str(), &page.notes[..]),
            ("Welcome", &["a".to_owned()][..])
        );
        assert_eq!(page.api_key, "swordfish");
        assert!(page.revision() > before + 1);
        assert_eq!(site.carts.keys().await.unwrap(), ["7", "x\"<y>"]);
        let cart = site.carts.read(&"7".to_owned()).await.unwrap();
        assert_eq!(cart.items, ["7"]);
        assert!(cart.revision() > removed);
    }
}

#[tokio::test]
async fn states_that_cannot_be_written_are_left_out_and_named() {
    let snapshot = filled().await.snapshot().await.unwrap();
    assert_eq!(snapshot.states(), ["Page", "Keys", "Cart"]);
    assert_eq!(snapshot.left_out(), ["Opaque"]);
    assert_eq!(snapshot.values(), 4);
}

#[tokio::test]
async fn a_commit_since_the_preview_refuses_the_restore_and_nothing_is_changed() {
    let site = filled().await;
    let [document, _] = documents(&site).await;
    let preview = async || {
        let snapshot = site.read_snapshot(document.as_bytes()).unwrap();
        site.preview_restore(snapshot).await.unwrap()
    };
    let cart = |id: &str| id.to_owned();
    let late = preview().await;
    site.update(|page: &mut Page| page.title = "Late".to_owned())
        .await
        .unwrap();
    let error = site.restore_all(late).await.unwrap_err();
    assert_eq!(
        error,
        HostSnapshotError::Moved {
            place: "page".to_owned()
        }
    );
    let late = preview().await;
    site.carts
        .update(&cart("9"), |cart| cart.items.clear())
        .await
        .unwrap();
    let error = site.restore_all(late).await.unwrap_err();
    assert_eq!(
        error,
        HostSnapshotError::Moved {
            place: "state `Cart`".to_owned()
        }
    );
    let late = preview().await;
    site.carts.remove(&cart("7")).await.unwrap();
    let error = site.restore_all(late).await.unwrap_err();
    assert_eq!(
        error,
        HostSnapshotError::Moved {
            place: "cart:7".to_owned()
        }
    );
    assert_eq!(site.read::<Page>().await.unwrap().title, "Late");
    assert_eq!(site.carts.keys().await.unwrap(), ["9", "x\"<y>"]);
    site.restore_all(preview().await).await.unwrap();
    assert_eq!(site.carts.keys().await.unwrap(), ["7", "x\"<y>"]);
}

#[tokio::test]
async fn a_document_that_is_cut_off_is_refused_at_every_place() {
    let site = filled().await;
    for document in documents(&site).await {
        let end = document.trim_end().len();
        for length in (0..end).filter(|it| document.is_char_boundary(*it)) {
            let error = site.read_snapshot(&document.as_bytes()[..length]);
            assert!(error.is_err(), "{length} of {end} bytes were taken");
        }
        assert!(site.read_snapshot(document.as_bytes()).is_ok());
    }
}

#[tokio::test]
async fn a_changed_document_is_refused_unless_its_checksum_is_taken_out() {
    let site = filled().await;
    let [document, _] = documents(&site).await;
    let changed = document.replace("Welcome", "Goodbye");
    let error = site
        .read_snapshot(changed.as_bytes())
        .unwrap_err()
        .to_string();
    assert!(error.contains("checksum"), "{error}");
    let mut json: Value = serde_json::from_str(&changed).unwrap();
    json.as_object_mut().unwrap().remove("sha256");
    restore(&site, &json.to_string()).await.unwrap();
    assert_eq!(site.read::<Page>().await.unwrap().title, "Goodbye");
}

/// Documents that are wrong in one place, and what is said of them.
#[tokio::test]
async fn a_value_that_does_not_fit_is_named_with_its_place_and_nothing_is_changed() {
    let site = filled().await;
    let [document, _] = documents(&site).await;
    let mut good: Value = serde_json::from_str(&document).unwrap();
    good.as_object_mut().unwrap().remove("sha256");
    for (pointer, value, expected) in [
        (
            "/states/Page/value/Notes",
            "[7]",
            "state `Page` cannot be read: invalid type: integer `7`, expected a string, at `Notes[0]`",
        ),
        (
            "/states/Cart/instances/1/value",
            "{\"items\":7}",
            "state `Cart`, key [\"x\\\"<y>\"] cannot be read",
        ),
        (
            "/states/Cart/instances/1/key",
            "[\"7\"]",
            "state `Cart`, key [\"7\"] is there twice",
        ),
        (
            "/states/Page/version",
            "2",
            "state `Page` has version 2 there and version 1 here",
        ),
        ("/values", "3", "4 values are there, and 3 should be"),
        ("/kr-snapshot", "9", "it has form 9"),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = serde_json::from_str(value).unwrap();
        let error = site
            .read_snapshot(bad.to_string().as_bytes())
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{pointer}: {error}");
    }
    let mut bad = good.clone();
    bad["states"]["Other"] = bad["states"]["Page"].clone();
    let error = site
        .read_snapshot(bad.to_string().as_bytes())
        .unwrap_err()
        .to_string();
    assert!(error.contains("there is no state `Other` here"), "{error}");
    assert_eq!(site.read::<Page>().await.unwrap().revision(), 1);
}

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "total")]
struct Total(i64);

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "account:{id}")]
struct Account(i64);

#[derive(Host, Clone)]
struct Bank {
    total: Shared<Total>,
    accounts: SharedMap<u32, Account>,
}

impl Bank {
    fn new() -> Self {
        Self {
            total: Shared::new(Total(0)),
            accounts: SharedMap::new(),
        }
    }
}

/// The sum of all accounts and the total, which is minus that.
fn sum(document: &str) -> (i64, usize) {
    let document: Value = serde_json::from_str(document).unwrap();
    let accounts = document["states"]["Account"]["instances"]
        .as_array()
        .unwrap();
    let sum: i64 = accounts
        .iter()
        .map(|it| it["value"].as_i64().unwrap())
        .sum();
    (
        sum - document["states"]["Total"]["value"].as_i64().unwrap(),
        accounts.len(),
    )
}

/// Every change is of an account and the total, and many accounts are new.
async fn stays_balanced(bank: Bank, accounts: u32) {
    let is_over = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for writer in 0..3_u32 {
        let (bank, is_over) = (bank.clone(), Arc::clone(&is_over));
        writers.push(tokio::spawn(async move {
            let mut number = writer;
            while !is_over.load(Ordering::Relaxed) {
                number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let account = bank.accounts.at(&(number % accounts));
                let states = (&bank.total, account);
                let change = |(total, account): (&mut Total, &mut Account)| {
                    total.0 += 1;
                    account.0 += 1;
                };
                bank.update_many(states, change).await.unwrap();
            }
        }));
    }
    let mut seen = 0;
    // The writers may take a while to begin.
    for round in 0.. {
        let snapshot = bank.snapshot().await.unwrap();
        let (difference, count) = sum(&snapshot.to_json().unwrap());
        assert_eq!(difference, 0);
        seen = seen.max(count);
        if round >= 60 && seen > 1 || round == 100_000 {
            break;
        }
        tokio::task::yield_now().await;
    }
    is_over.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.await.unwrap();
    }
    assert!(seen > 1, "nothing was written meanwhile");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_snapshot_is_of_one_moment_over_all_locks_while_instances_are_made() {
    stays_balanced(Bank::new(), 1_000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_snapshot_of_a_store_is_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("bank.kr")).unwrap();
    let bank = Bank::new();
    let server = App::new("Bank", bank.clone())
        .store(store)
        .endpoint(0)
        .build()
        .unwrap();
    stays_balanced(bank, 200).await;
    drop(server);
}

#[tokio::test]
async fn a_snapshot_goes_from_memory_to_a_file_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let memory = Bank::new();
    for id in 0..20 {
        memory
            .accounts
            .update(&id, |account| account.0 = i64::from(id))
            .await
            .unwrap();
    }
    let document = memory.snapshot().await.unwrap().to_clixml().unwrap();
    let store = Store::open(folder.path().join("bank.kr")).unwrap();
    let bank = Bank::new();
    let server = App::new("Bank", bank.clone())
        .store(store)
        .endpoint(0)
        .build()
        .unwrap();
    bank.accounts
        .update(&99, |account| account.0 = 1)
        .await
        .unwrap();
    let snapshot = bank.read_snapshot(document.as_bytes()).unwrap();
    let preview = bank.preview_restore(snapshot).await.unwrap();
    let restored = bank.restore_all(preview).await.unwrap();
    assert_eq!((restored.instances, restored.removed), (20, 1));
    let again = bank.snapshot().await.unwrap().to_json().unwrap();
    assert_eq!(sum(&again), (190, 20));
    drop(server);
}

#[tokio::test]
async fn ten_thousand_instances_come_back_in_one_change() {
    let bank = Bank::new();
    for id in 0..10_000 {
        bank.accounts
            .update(&id, |account| account.0 = 1)
            .await
            .unwrap();
    }
    let document = bank.snapshot().await.unwrap().to_json().unwrap();
    let other = Bank::new();
    let snapshot = other.read_snapshot(document.as_bytes()).unwrap();
    let preview = other.preview_restore(snapshot).await.unwrap();
    let restored = other.restore_all(preview).await.unwrap();
    assert_eq!(restored.instances, 10_000);
    assert_eq!(other.accounts.len().await.unwrap(), 10_000);
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_file_can_be_read_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let site = filled().await;
    for name in ["host.xml", "host.json"] {
        let path = folder.path().join(name);
        site.snapshot().await.unwrap().write_to(&path).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
        let document = std::fs::read(&path).unwrap();
        assert!(site.read_snapshot(&document).is_ok(), "{name}");
    }
}
