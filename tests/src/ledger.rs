//! A list to which each number is added once, if at all: what tests of a shared store check.

use kr_runtime::prelude::*;
use kr_runtime::{CommitError, PostgresOptions, SharedMap, StoreError, UpdateError};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The numbers whose changes were committed. A change of two of them is half done if they differ.
#[derive(Clone, Debug, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "list:{id}")]
pub struct List {
    pub numbers: Vec<u64>,
}

#[derive(Host)]
pub struct Ledger {
    pub lists: SharedMap<u64, List>,
}

/// An application over a store, as one of several processes.
#[derive(Clone)]
pub struct Machine {
    pub ledger: Arc<Ledger>,
    _server: Arc<kr_runtime::Server>,
}

/// What became of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    Kept,
    NotKept,
    Unknown,
}

impl Fate {
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::NotKept => "not-kept",
            Self::Unknown => "unknown",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        let all = [Self::Kept, Self::NotKept, Self::Unknown];
        all.into_iter().find(|fate| fate.name() == name)
    }
}

/// How many lists there are.
pub const LISTS: u64 = 3;

/// As usual, but that a process which was stopped loses its rows after a second.
pub fn options() -> PostgresOptions {
    PostgresOptions::new().idle_timeout(Duration::from_secs(1))
}

pub fn connect(options: PostgresOptions, url: &str) -> Result<Machine, StoreError> {
    let ledger = Ledger {
        lists: SharedMap::new(),
    };
    let app = App::new("Ledger", ledger).store(options.connect(url)?);
    Ok(Machine {
        ledger: app.host(),
        _server: Arc::new(app.endpoint(0).build().expect("the application")),
    })
}

/// Adds a number to two lists in one change, or to one.
pub async fn add(machine: &Machine, number: u64) -> Fate {
    let lists = &machine.ledger.lists;
    let (first, second) = (number % LISTS, (number + 1) % LISTS);
    let added = match number % 4 {
        0 => {
            let both = (lists.at(&first), lists.at(&second));
            let both = machine.ledger.update_many(both, |(first, second)| {
                first.numbers.push(number);
                second.numbers.push(number);
            });
            both.await
        }
        _ => lists.update(&first, |list| list.numbers.push(number)).await,
    };
    match added {
        Ok(()) => Fate::Kept,
        Err(UpdateError::Commit(CommitError::Unknown { .. })) => Fate::Unknown,
        Err(_) => Fate::NotKept,
    }
}

/// What is there, and what was said of it: every number that was kept is there once, none that was not is, and no change is
/// half done. Numbers of which nothing was said may be there or not.
pub async fn check(machine: &Machine, fates: &BTreeMap<u64, Fate>) -> Result<usize, String> {
    let mut found: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for id in 0..LISTS {
        let list = machine.ledger.lists.read(&id).await;
        for number in &list.map_err(|error| error.to_string())?.numbers {
            found.entry(*number).or_default().push(id);
        }
    }
    for (number, lists) in &found {
        let mut expected = match number % 4 {
            0 => vec![number % LISTS, (number + 1) % LISTS],
            _ => vec![number % LISTS],
        };
        expected.sort_unstable();
        if *lists != expected {
            return Err(format!("{number} is in {lists:?}, not in {expected:?}"));
        }
    }
    for (number, fate) in fates {
        match (fate, found.contains_key(number)) {
            (Fate::Kept, false) => return Err(format!("{number} was kept and is gone")),
            (Fate::NotKept, true) => return Err(format!("{number} was not kept and is there")),
            _ => {}
        }
    }
    Ok(found.len())
}
