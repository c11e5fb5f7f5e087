//! When a store does what makes the next start fast: once nobody writes, and before a clean stop ends.

use crate::sample::{Page, bank};
use kr_runtime::__private::engine::{Batch, Engine, WriteError};
use kr_runtime::prelude::*;
use kr_runtime::{Store, Volatile};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the store was asked to do.
#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<&'static str>>>);

impl Calls {
    fn store(&self) -> Store<Volatile> {
        Store::with_engine(self.clone())
    }

    fn so_far(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().clone()
    }

    fn add(&self, call: &'static str) {
        self.0.lock().unwrap().push(call);
    }
}

impl Engine for Calls {
    fn write(&mut self, _: &Batch) -> Result<(), WriteError> {
        self.add("write");
        Ok(())
    }

    fn settle(&mut self) {
        self.add("settle");
    }
}

#[tokio::test]
async fn a_store_settles_once_when_nobody_writes() {
    let calls = Calls::default();
    let app = App::new("Bank", bank()).store(calls.store());
    let bank = app.host();
    let _router = app.into_router().unwrap();
    for _ in 0..3 {
        bank.update(|page: &mut Page| page.title.push('x'))
            .await
            .unwrap();
    }
    assert_eq!(calls.so_far(), ["write"; 3]);
    tokio::time::sleep(Duration::from_millis(2500)).await;
    assert_eq!(calls.so_far(), ["write", "write", "write", "settle"]);
}

#[tokio::test]
async fn a_clean_stop_ends_when_the_store_has_settled() {
    let calls = Calls::default();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let app = App::new("Bank", bank()).store(calls.store());
    let bank = app.host();
    let app = app.endpoint(0).shutdown_signal(async {
        let _ = stopped.await;
    });
    let server = tokio::spawn(app.build().unwrap().run());
    bank.update(|page: &mut Page| page.title.push('x'))
        .await
        .unwrap();
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    assert_eq!(calls.so_far(), ["write", "settle"]);
}
