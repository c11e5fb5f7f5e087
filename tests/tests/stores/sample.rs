//! A bank: states of every kind.

use kr_runtime::prelude::*;
use kr_runtime::{Counter, SharedMap};

/// A state without a key, with a counter in it.
#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page")]
pub(crate) struct Page {
    pub(crate) title: String,
    pub(crate) visits: Counter,
    pub(crate) inner: Inner,
}

/// A part of it, with another one.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Inner {
    pub(crate) likes: Counter,
}

/// A second state under the same lock.
#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "page")]
pub(crate) struct Rates {
    pub(crate) values: Vec<Option<f64>>,
}

/// A state that no store keeps.
#[derive(Clone, SharedState)]
#[shared_state(lock = "page", transient)]
pub(crate) struct Cache(pub(crate) u64);

/// A state with an instance for each key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "account:{id}")]
pub(crate) struct Account {
    pub(crate) balance: i64,
    pub(crate) owner: String,
}

/// A large state.
#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "journal")]
pub(crate) struct Journal {
    pub(crate) lines: Vec<String>,
}

#[derive(Host)]
pub(crate) struct Bank {
    pub(crate) page: Shared<Page>,
    pub(crate) rates: Shared<Rates>,
    pub(crate) cache: Shared<Cache>,
    pub(crate) accounts: SharedMap<u64, Account>,
    pub(crate) journal: Shared<Journal>,
}

/// Its first values.
pub(crate) fn bank() -> Bank {
    Bank {
        page: Shared::new(page("first")),
        rates: Shared::new(Rates { values: Vec::new() }),
        cache: Shared::new(Cache(0)),
        accounts: SharedMap::new(),
        journal: Shared::new(Journal { lines: Vec::new() }),
    }
}

pub(crate) fn page(title: &str) -> Page {
    Page {
        title: title.to_owned(),
        visits: Counter::new(0),
        inner: Inner {
            likes: Counter::new(0),
        },
    }
}
