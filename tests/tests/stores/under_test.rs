//! The stores that the promises are tried on.

use crate::sample::{Bank, bank};
use kr_runtime::prelude::*;
use kr_runtime::{Durable, Server, Store};
use kr_tests::stores::Unreliable;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A store that the promises are tried on, and an application over it.
pub(crate) struct UnderTest {
    pub(crate) bank: Arc<Bank>,
    pub(crate) server: Server,
    /// Of a store in a file.
    folder: Option<TempDir>,
}

impl UnderTest {
    pub(crate) fn memory() -> Self {
        let app = App::new("Bank", bank()).store(Store::memory());
        Self::of(app, None)
    }

    /// A store that takes its time for each batch, so that most commits are not durable yet when the next one begins.
    pub(crate) fn slow() -> Self {
        let slow = Unreliable {
            fails_one_in: 0,
            longest_write: Duration::from_millis(5),
            seed: 7,
        };
        let app = App::new("Bank", bank()).store(slow.store().0);
        Self::of(app, None)
    }

    pub(crate) fn file() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::in_folder(folder, |app| app)
    }

    /// `None` where PostgreSQL is not installed.
    pub(crate) fn postgres() -> Option<Self> {
        let url = kr_tests::postgres::postgres()?.database();
        let store = Store::connect(&url).expect("the store");
        let app = App::new("Bank", bank()).store(store);
        Some(Self::of(app, None))
    }

    fn in_folder(folder: TempDir, change: impl FnOnce(App<Bank>) -> App<Bank>) -> Self {
        let store = open(&folder);
        let app = change(App::new("Bank", bank()).store(store));
        Self::of(app, Some(folder))
    }

    fn of(app: App<Bank>, folder: Option<TempDir>) -> Self {
        let bank = app.host();
        let server = app.endpoint(0).build().expect("the bank");
        Self {
            bank,
            server,
            folder,
        }
    }

    /// The program ends without a clean stop, and is started again.
    pub(crate) fn restart(self) -> Self {
        self.restart_with(|app| app)
    }

    /// As [`restart`](Self::restart), with other settings.
    pub(crate) fn restart_with(self, change: impl FnOnce(App<Bank>) -> App<Bank>) -> Self {
        let Self {
            bank,
            server,
            folder,
        } = self;
        drop((bank, server));
        Self::in_folder(folder.expect("a store in a file"), change)
    }

    /// The file of the store.
    pub(crate) fn path(&self) -> PathBuf {
        let folder = self.folder.as_ref().expect("a store in a file");
        folder.path().join("bank.kr")
    }

    /// Ends the program, and leaves the folder with the file.
    pub(crate) fn end(self) -> TempDir {
        self.folder.expect("a store in a file")
    }
}

/// The store in a folder.
pub(crate) fn open(folder: &TempDir) -> Store<Durable> {
    Store::open(folder.path().join("bank.kr")).expect("the store")
}

/// Tries promises on every store.
macro_rules! on_every_store {
    ($($test:ident)*) => {
        mod memory {
            use super::UnderTest;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(UnderTest::memory()).await;
            })*
        }

        mod slow {
            use super::UnderTest;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(UnderTest::slow()).await;
            })*
        }

        mod postgres {
            use super::UnderTest;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                if let Some(test) = UnderTest::postgres() {
                    super::$test(test).await;
                }
            })*
        }

        mod file {
            use super::UnderTest;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(UnderTest::file()).await;
            })*
        }
    };
}

pub(crate) use on_every_store;
