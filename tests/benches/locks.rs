//! The cost of a lock: updates through a host, compared with a `tokio::sync::Mutex` that is locked for a copy, a change and a
//! store, and with the same mutex around an `ArcSwap`, the handwritten way to readers that never wait.
//!
//! ```text
//! cargo bench --package kr-tests --bench locks
//! ```
//!
//! All of it runs alternately in one process, for several rounds. The ratios and differences within a round count. Nothing is
//! asserted.

use arc_swap::ArcSwap;
use kr_runtime::SharedMap;
use kr_runtime::prelude::*;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Mutex;

const ROUNDS: usize = 15;
const CHANGES: u32 = 100_000;
const TASKS: u32 = 8;
const SHARE: u32 = CHANGES / TASKS;

/// A small document, as in the tutorial.
#[derive(Clone, SharedState)]
#[shared_state(lock = "page")]
struct Page {
    visits: u64,
    notes: Vec<String>,
}

/// Nothing to copy: the lock and the commit remain.
#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "count")]
struct Count(u64);

/// The same as a keyed state.
#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "count:{id}")]
struct CountOf(u64);

#[derive(Host)]
struct Site {
    page: Shared<Page>,
    count: Shared<Count>,
    counts: SharedMap<u64, CountOf>,
}

impl Page {
    fn new() -> Self {
        let notes = ["remember helmet", "oil the chain", "pump the tyres"];
        Self {
            visits: 0,
            notes: notes.map(str::to_owned).to_vec(),
        }
    }

    fn visit(&mut self) {
        self.visits += 1;
        black_box(&self.notes);
    }
}

impl Site {
    fn new() -> Self {
        Self {
            page: Shared::new(Page::new()),
            count: Shared::new(Count(0)),
            counts: SharedMap::new(),
        }
    }
}

/// The handwritten update.
async fn handwritten<S: Clone>(state: &Mutex<S>, change: impl FnOnce(&mut S)) {
    let mut state = state.lock().await;
    let mut draft = state.clone();
    change(&mut draft);
    *state = black_box(draft);
}

/// A value that readers can load at any time, and a lock for writers.
struct Published {
    value: ArcSwap<Page>,
    writing: Mutex<()>,
}

impl Published {
    fn new() -> Self {
        Self {
            value: ArcSwap::from_pointee(Page::new()),
            writing: Mutex::new(()),
        }
    }

    async fn update(&self, change: impl FnOnce(&mut Page)) {
        let _writing = self.writing.lock().await;
        let mut draft = Page::clone(&self.value.load());
        change(&mut draft);
        self.value.store(Arc::new(draft));
    }
}

/// Nanoseconds per update, for many sequential updates.
async fn each<F: Future<Output = ()>>(change: impl Fn(u64) -> F) -> f64 {
    let started = Instant::now();
    for number in 0..CHANGES {
        change(u64::from(number)).await;
    }
    nanos(started.elapsed(), CHANGES)
}

/// As [`each`], by several concurrent tasks on the runtime's threads. `task` makes its share of the updates.
fn contended<F>(runtime: &Runtime, task: impl Fn() -> F) -> f64
where
    F: Future<Output = ()> + Send + 'static,
{
    runtime.block_on(async {
        let started = Instant::now();
        let tasks: Vec<_> = (0..TASKS).map(|_| tokio::spawn(task())).collect();
        for task in tasks {
            task.await.expect("a task");
        }
        nanos(started.elapsed(), TASKS * SHARE)
    })
}

fn nanos(elapsed: Duration, changes: u32) -> f64 {
    elapsed.as_nanos() as f64 / f64::from(changes)
}

/// A figure of kr and the one that it is compared with, in each round.
struct Row {
    name: &'static str,
    compared_with: &'static str,
    rounds: Vec<(f64, f64)>,
}

impl Row {
    fn new(name: &'static str, compared_with: &'static str) -> Self {
        Self {
            name,
            compared_with,
            rounds: Vec::new(),
        }
    }

    fn print(&self) {
        let Self {
            name,
            compared_with,
            rounds,
        } = self;
        let kr = percentiles(rounds.iter().map(|(kr, _)| *kr));
        let other = percentiles(rounds.iter().map(|(_, other)| *other));
        let ratio = percentiles(rounds.iter().map(|(kr, other)| kr / other));
        let more = percentiles(rounds.iter().map(|(kr, other)| kr - other));
        println!(
            "{name:40} kr {:6.1} ns  {compared_with:15} {:6.1} ns  ratio {:.2} [{:.2}, {:.2}]  difference {:.1} ns [{:.1}, {:.1}]",
            kr[1], other[1], ratio[1], ratio[0], ratio[2], more[1], more[0], more[2]
        );
    }
}

/// Minimum, median, maximum.
fn percentiles(figures: impl Iterator<Item = f64>) -> [f64; 3] {
    let mut figures: Vec<_> = figures.collect();
    figures.sort_by(f64::total_cmp);
    [
        figures[0],
        figures[figures.len() / 2],
        figures[figures.len() - 1],
    ]
}

async fn alone(site: &Site) -> [Row; 4] {
    let (page, count) = (Mutex::new(Page::new()), Mutex::new(Count(0)));
    let published = Published::new();
    let mut rows = [
        Row::new("a small document, alone", "tokio"),
        Row::new("a small document, alone", "tokio, ArcSwap"),
        Row::new("a number, alone", "tokio"),
        Row::new("a number of one of 1,000 keys, alone", "without a key"),
    ];
    for _ in 0..ROUNDS {
        let kr = each(|_| async { site.update(Page::visit).await.expect("the lock") }).await;
        let hand = each(|_| handwritten(&page, Page::visit)).await;
        rows[0].rounds.push((kr, hand));
        let hand = each(|_| published.update(Page::visit)).await;
        rows[1].rounds.push((kr, hand));

        let change = |count: &mut Count| count.0 += 1;
        let kr = each(|_| async move { site.update(change).await.expect("the lock") }).await;
        let hand = each(|_| handwritten(&count, change)).await;
        rows[2].rounds.push((kr, hand));

        let keyed = each(|number| async move {
            let change = |count: &mut CountOf| count.0 += 1;
            site.counts
                .update(&(number % 1000), change)
                .await
                .expect("the lock");
        });
        rows[3].rounds.push((keyed.await, kr));
    }
    rows
}

fn together(runtime: &Runtime, site: &Arc<Site>) -> [Row; 2] {
    let page = Arc::new(Mutex::new(Page::new()));
    let published = Arc::new(Published::new());
    let name = "a small document, 8 tasks on 2 threads";
    let mut rows = [Row::new(name, "tokio"), Row::new(name, "tokio, ArcSwap")];
    for _ in 0..ROUNDS {
        let kr = contended(runtime, || {
            let site = Arc::clone(site);
            async move {
                for _ in 0..SHARE {
                    site.update(Page::visit).await.expect("the lock");
                }
            }
        });
        let hand = contended(runtime, || {
            let page = Arc::clone(&page);
            async move {
                for _ in 0..SHARE {
                    handwritten(&page, Page::visit).await;
                }
            }
        });
        rows[0].rounds.push((kr, hand));
        let hand = contended(runtime, || {
            let published = Arc::clone(&published);
            async move {
                for _ in 0..SHARE {
                    published.update(Page::visit).await;
                }
            }
        });
        rows[1].rounds.push((kr, hand));
    }
    rows
}

fn main() {
    let site = Arc::new(Site::new());
    let one = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    one.block_on(alone(&site)).iter().for_each(Row::print);
    let two = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let two = two.expect("a runtime");
    together(&two, &site).iter().for_each(Row::print);
}
