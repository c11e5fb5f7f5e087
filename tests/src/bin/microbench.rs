//! Repeats a single operation of a request, for counting instructions: `microbench update 1000`.
//!
//! kr's operation comes first, the handwritten ones follow.

use arc_swap::ArcSwap;
use axum::Json;
use axum::response::IntoResponse;
use kr_runtime::handler::IntoJsonResponse;
use kr_runtime::prelude::*;
use std::hint::black_box;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

#[derive(Clone, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "document")]
#[serde(rename_all = "PascalCase")]
struct Document {
    visit_count: i32,
    notes: Vec<String>,
    last_updated: Timestamp,
}

impl Document {
    fn with(notes: usize) -> Self {
        Self {
            visit_count: 0,
            notes: (0..notes).map(|note| format!("{note:040}")).collect(),
            last_updated: Timestamp::now(),
        }
    }

    fn visit(&mut self) -> i32 {
        self.visit_count += 1;
        self.visit_count
    }
}

#[derive(Host)]
struct Site {
    document: Shared<Document>,
}

/// The response of the tutorial.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct View {
    visit_count: i32,
    notes: [&'static str; 0],
    last_updated: Timestamp,
    snapshot_lock_key: &'static str,
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let operation = arguments.next().expect("the name of an operation");
    let times = arguments.next().and_then(|times| times.parse().ok());
    run(&operation, times.expect("how often")).await;
}

async fn run(operation: &str, times: u32) {
    let site = Site {
        document: Shared::new(Document::with(0)),
    };
    // The first use of a host registers its states.
    let registered = site.update(|_: &mut Document| {}).await;
    registered.expect("the lock");
    let mutex = Mutex::new(Document::with(0));
    let tokio = tokio::sync::Mutex::new(Document::with(0));
    let rwlock = RwLock::new(Document::with(0));
    let (swap, writing) = (ArcSwap::from_pointee(Document::with(0)), Mutex::new(()));
    let view = View {
        visit_count: 2,
        notes: [],
        last_updated: Timestamp::now(),
        snapshot_lock_key: "tutorial:shared-state-snapshot",
    };
    let large = Document::with(1_000);
    let text = Snapshot::new(&large).to_string().expect("it is written");
    for _ in 0..times {
        match operation {
            "update" => {
                let count = site.update(Document::visit).await;
                black_box(count.expect("the lock"));
            }
            "update-mutex" => {
                let mut held = mutex.lock().unwrap_or_else(PoisonError::into_inner);
                black_box(held.visit());
            }
            "update-tokio" => {
                black_box(tokio.lock().await.visit());
            }
            "update-rwlock" => {
                let mut held = rwlock.write().unwrap_or_else(PoisonError::into_inner);
                black_box(held.visit());
            }
            "update-swap" => {
                let _one = writing.lock().unwrap_or_else(PoisonError::into_inner);
                let mut next = Document::clone(&swap.load());
                black_box(next.visit());
                swap.store(Arc::new(next));
            }
            "read" => {
                black_box(site.latest::<Document>().unwrap().visit_count);
            }
            "read-mutex" => {
                let held = mutex.lock().unwrap_or_else(PoisonError::into_inner);
                black_box(held.visit_count);
            }
            "read-tokio" => {
                black_box(tokio.lock().await.visit_count);
            }
            "read-rwlock" => {
                let held = rwlock.read().unwrap_or_else(PoisonError::into_inner);
                black_box(held.visit_count);
            }
            "read-swap" => {
                black_box(swap.load().visit_count);
            }
            "json" => {
                black_box(<Json<View> as IntoJsonResponse<View>>::respond(Json(view)));
            }
            "json-axum" => {
                black_box(Json(view).into_response());
            }
            "export" => {
                black_box(Snapshot::new(&large).to_string().expect("it is written"));
            }
            "import" => {
                black_box(Snapshot::<Document>::from_str(&text).expect("it is read"));
            }
            other => panic!("there is no operation {other}"),
        }
    }
}
