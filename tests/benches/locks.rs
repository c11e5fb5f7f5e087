//! What a lock costs: changes through a host, beside a `tokio::sync::Mutex` that is locked for a copy, a change and a store.
//!
//! ```text
//! cargo bench --package kr-tests --bench locks
//! ```
//!
//! Everything runs in turn in one process, several rounds of it; what counts are the ratios within a round. Nothing is
//! asserted.

use kr_runtime::prelude::*;
use std::hint::black_box;

use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const ROUNDS: usize = 15;
const CHANGES: u32 = 200_000;

/// A small document, as in the tutorial.
#[derive(Clone, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    visits: u64,
    notes: Vec<String>,
}

impl Page {
    fn new() -> Self {
        let notes = ["remember helmet", "oil the chain", "pump the tyres"];
        Self {
            visits: 0,
            notes: notes.map(str::to_owned).to_vec(),
        }
    }
}

/// Nothing to copy: all that is left is the lock and the commit.
#[derive(Clone, SharedState)]
#[shared_state(lock = "count")]
struct Count(u64);

#[derive(Host)]
struct Site {
    page: Shared<Page>,
    count: Shared<Count>,
}

async fn time<F: Future<Output = ()>>(change: impl Fn() -> F) -> f64 {
    let started = Instant::now();
    for _ in 0..CHANGES {
        change().await;
    }
    nanos(started.elapsed(), CHANGES)
}

fn nanos(elapsed: Duration, changes: u32) -> f64 {
    elapsed.as_nanos() as f64 / f64::from(changes)
}

async fn rounds() {
    let site = Site {
        page: Shared::new(Page::new()),
        count: Shared::new(Count(0)),
    };
    let page = Mutex::new(Page::new());
    let count = Mutex::new(Count(0));
    let mut rows: [Vec<(f64, f64)>; 2] = Default::default();
    for _ in 0..ROUNDS {
        let kr = time(|| async {
            site.update(|page: &mut Page| page.visits += 1)
                .await
                .unwrap();
        })
        .await;
        let by_hand = time(|| async {
            let mut page = page.lock().await;
            let mut draft = page.clone();
            draft.visits += 1;
            *page = black_box(draft);
        })
        .await;
        rows[0].push((kr, by_hand));
        let kr = time(|| async {
            site.update(|count: &mut Count| count.0 += 1).await.unwrap();
        })
        .await;
        let by_hand = time(|| async {
            let mut count = count.lock().await;
            let mut draft = count.clone();
            draft.0 += 1;
            *count = black_box(draft);
        })
        .await;
        rows[1].push((kr, by_hand));
    }
    for (name, row) in ["page", "count"].iter().zip(rows) {
        print(name, row);
    }
}

fn print(name: &str, row: Vec<(f64, f64)>) {
    let median = |figures: Vec<f64>| {
        let mut figures = figures;
        figures.sort_by(f64::total_cmp);
        (
            figures[0],
            figures[figures.len() / 2],
            figures[figures.len() - 1],
        )
    };
    let kr = median(row.iter().map(|(kr, _)| *kr).collect());
    let hand = median(row.iter().map(|(_, hand)| *hand).collect());
    let ratio = median(row.iter().map(|(kr, hand)| kr / hand).collect());
    println!(
        "{name:10} kr {:.1} ns  tokio {:.1} ns  ratio {:.2} [{:.2}, {:.2}]",
        kr.1, hand.1, ratio.1, ratio.0, ratio.2
    );
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(rounds());
}
