//! A graceful stop waits for the store.

use super::sample::{Account, Bank, Cash, Vault};
use kr_runtime::prelude::*;
use kr_runtime::{Host, SharedMap};
use kr_tests::stores::manual_store;
use std::time::Duration;
use tokio::time::{sleep, timeout};

#[tokio::test]
async fn a_graceful_stop_waits_until_every_commit_is_written() {
    let (store, mut control) = manual_store();
    let site = Bank {
        cash: Shared::new(Cash(0)),
        vault: Shared::new(Vault(0)),
        accounts: SharedMap::<String, Account>::new(),
    };
    let app = App::new("bank", site.clone()).store(store).endpoint(0);
    let stop = app.stop_token();
    let running = tokio::spawn(app.build().unwrap().run());
    // Nobody waits for this change when the stop begins.
    let update = timeout(
        Duration::from_millis(20),
        site.update(|cash: &mut Cash| cash.0 += 1),
    );
    assert!(update.await.is_err());
    control.next_batch().await;
    stop.request();
    sleep(Duration::from_millis(100)).await;
    assert!(!running.is_finished());
    control.keep();
    running.await.unwrap().unwrap();
    assert_eq!(site.latest::<Cash>().unwrap().0, 1);
}
