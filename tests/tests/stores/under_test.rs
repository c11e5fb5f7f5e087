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
    /// Keeps the application as it is.
    _server: Server,
    /// Where a store keeps it, if it does.
    place: Option<Place>,
}

/// Where a store keeps what it is given.
pub(crate) enum Place {
    /// In a file in this folder.
    File(TempDir),
    /// In a database with this URL.
    Postgres(String),
}

impl Place {
    pub(crate) fn file() -> Self {
        Self::File(tempfile::tempdir().expect("a folder"))
    }

    /// `None` where PostgreSQL is not installed.
    pub(crate) fn postgres() -> Option<Self> {
        Some(Self::Postgres(kr_tests::postgres::postgres()?.database()))
    }

    pub(crate) fn open(&self) -> Store<Durable> {
        match self {
            Self::File(_) => Store::open(self.path()),
            Self::Postgres(url) => Store::connect(url),
        }
        .expect("the store")
    }

    /// The file of the store.
    pub(crate) fn path(&self) -> PathBuf {
        match self {
            Self::File(folder) => folder.path().join("bank.kr"),
            Self::Postgres(url) => panic!("{url} is no file"),
        }
    }

    /// What its messages call the store.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::File(_) => "bank.kr",
            Self::Postgres(url) => kr_tests::postgres::database_of(url),
        }
    }
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
        Self::start(Place::file())
    }

    /// `None` where PostgreSQL is not installed.
    pub(crate) fn postgres() -> Option<Self> {
        Place::postgres().map(Self::start)
    }

    pub(crate) fn start(place: Place) -> Self {
        Self::start_with(place, |app| app)
    }

    /// As [`start`](Self::start), with other settings.
    pub(crate) fn start_with(place: Place, change: impl FnOnce(App<Bank>) -> App<Bank>) -> Self {
        let app = change(App::new("Bank", bank()).store(place.open()));
        Self::of(app, Some(place))
    }

    fn of(app: App<Bank>, place: Option<Place>) -> Self {
        let bank = app.host();
        let server = app.endpoint(0).build().expect("the bank");
        Self {
            bank,
            _server: server,
            place,
        }
    }

    /// The program ends without a clean stop, and is started again.
    pub(crate) fn restart(self) -> Self {
        Self::start(self.end())
    }

    /// The file of the store.
    pub(crate) fn path(&self) -> PathBuf {
        self.place.as_ref().expect("a store that keeps it").path()
    }

    /// Ends the program, and leaves what it has kept.
    pub(crate) fn end(self) -> Place {
        self.place.expect("a store that keeps it")
    }
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

/// Tries promises on every store that keeps what it is given.
macro_rules! on_every_durable_store {
    ($($test:ident)*) => {
        mod file {
            use crate::under_test::Place;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test(Place::file()).await;
            })*
        }

        mod postgres {
            use crate::under_test::Place;
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                if let Some(place) = Place::postgres() {
                    super::$test(place).await;
                }
            })*
        }
    };
}

pub(crate) use on_every_durable_store;
