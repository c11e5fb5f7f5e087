//! Two versions of a program run side by side while the newer one is deployed.

use kr_runtime::prelude::*;
use kr_runtime::{Server, SharedMap, Store};
use kr_tests::postgres::postgres;
use std::sync::Arc;

mod old {
    use super::*;

    #[derive(Clone, Default, Serialize, Deserialize, SharedState)]
    #[shared_state(lock = "account:{id}")]
    pub(super) struct Account {
        pub(super) euros: i64,
    }

    #[derive(Host)]
    pub(super) struct Bank {
        pub(super) accounts: SharedMap<u64, Account>,
    }
}

mod new {
    use super::*;

    #[derive(Clone, Default, Serialize, Deserialize, SharedState)]
    #[shared_state(lock = "account:{id}", version = 2, upgrade = in_cents)]
    pub(super) struct Account {
        pub(super) cents: i64,
    }

    fn in_cents(_version: u32, json: serde_json::Value) -> Result<Account, String> {
        let euros = json["euros"].as_i64().ok_or("`euros` is missing")?;
        Ok(Account { cents: euros * 100 })
    }

    #[derive(Host)]
    pub(super) struct Bank {
        pub(super) accounts: SharedMap<u64, Account>,
    }
}

fn start<H: Host + kr_runtime::StoredHost>(host: H, url: &str) -> (Arc<H>, Server) {
    let app = App::new("Bank", host).store(Store::connect(url).unwrap());
    let host = app.host();
    (host, app.endpoint(0).build().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_program_goes_on_with_what_the_newer_one_has_not_written() {
    let Some(server) = postgres() else { return };
    let url = server.database();
    let accounts = SharedMap::new();
    let (old, _old) = start(old::Bank { accounts }, &url);
    for id in 0..20 {
        let paid = old.accounts.update(&id, |account| account.euros += 1);
        paid.await.unwrap();
    }
    let accounts = SharedMap::new();
    let (new, _new) = start(new::Bank { accounts }, &url);
    // Both at once: the newer one takes over the odd accounts.
    for round in 0..10 {
        for id in 0..20 {
            let by_old = old.accounts.update(&id, |account| account.euros += 1);
            match id % 2 == 1 && round >= 5 {
                true => {
                    let error = by_old.await.unwrap_err().to_string();
                    assert!(error.contains("start the newer program"), "{error}");
                    let paid = new.accounts.update(&id, |account| account.cents += 100);
                    paid.await.unwrap();
                }
                false if round == 4 && id % 2 == 1 => {
                    let paid = new.accounts.update(&id, |account| account.cents += 100);
                    paid.await.unwrap();
                }
                false => by_old.await.unwrap(),
            }
        }
    }
    for id in 0..20 {
        let account = new.accounts.read(&id).await.unwrap();
        assert_eq!(account.cents, 1_100, "account {id}");
    }
    assert_eq!(old.accounts.read(&2).await.unwrap().euros, 11);
    assert!(old.accounts.read(&1).await.is_err());
}
