//! Types that a state may hold, although the checks for mutexes and atomics look at their names or cannot see into them.

use kr_runtime::axum::body::Bytes;
use kr_runtime::axum::http::HeaderMap;
use kr_runtime::prelude::*;
use kr_runtime::{Counter, SharedMap};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// A trait object has no auto traits but those that are written.
trait Rule: Send + Sync {
    fn allows(&self, amount: u64) -> bool;
}

struct Below(u64);

impl Rule for Below {
    fn allows(&self, amount: u64) -> bool {
        amount < self.0
    }
}

/// It has the name of a lock and is none.
#[derive(Clone, Default)]
struct Mutex<T>(T);

/// A cell of a table.
#[derive(Clone, Default)]
struct Cell(u64);

/// A handle that is no part of the state.
#[derive(Clone, Default)]
struct Metric(Arc<AtomicU64>);

#[derive(Clone, SharedState)]
#[shared_state(lock = "everything")]
#[allow(dead_code, reason = "the types are what matters")]
struct Everything {
    counter: Counter,
    text: Arc<str>,
    frozen: Arc<Vec<String>>,
    rule: Arc<dyn Rule>,
    locks: Mutex<u64>,
    cells: HashMap<(u8, u8), Vec<Cell>>,
    metric: Metric,
    bytes: Bytes,
    headers: HeaderMap,
    computed: OnceLock<u64>,
    at: Timestamp,
}

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "row:{id}")]
#[allow(dead_code, reason = "the types are what matters")]
enum Row {
    #[default]
    Empty,
    Full([Option<Box<Cell>>; 2], &'static str),
}

#[derive(Host)]
struct Site {
    everything: Shared<Everything>,
    rows: SharedMap<u64, Row>,
}

#[kr_route(post, "/row/{id}")]
#[locked("row:{id}", "everything")]
fn fill(row: &mut Row, everything: &mut Everything, id: u64) -> Json<bool> {
    everything.locks.0 += id;
    everything.metric.0.fetch_add(1, Ordering::Relaxed);
    if let Row::Full([Some(cell), _], _) = row {
        cell.0 += id;
    }
    *row = Row::Full([Some(Box::new(Cell(id))), None], "full");
    Json(everything.rule.allows(id))
}

#[test]
fn all_of_them_are_states() {
    let everything = Everything {
        counter: Counter::new(0),
        text: "text".into(),
        frozen: Arc::default(),
        rule: Arc::new(Below(3)),
        locks: Mutex::default(),
        cells: HashMap::new(),
        metric: Metric::default(),
        bytes: Bytes::new(),
        headers: HeaderMap::new(),
        computed: OnceLock::new(),
        at: Timestamp::now(),
    };
    let mut changed = everything.clone();
    assert!(fill(&mut Row::Empty, &mut changed, 2).0);
    assert_eq!(changed.locks.0, 2);
    let site = Site {
        everything: Shared::new(everything),
        rows: SharedMap::new(),
    };
    let app = App::new("Site", site).mount(routes![fill]);
    assert!(app.into_router().is_ok());
}
