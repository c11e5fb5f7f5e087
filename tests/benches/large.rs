//! The cost of an update of a large state: `Host::update` with one more note, from the draft to the freeing of the old value.
//!
//! `cargo bench -p kr-tests --bench large`. The figures are the best of many rounds, so that collections can be compared on a
//! busy machine. `-- --write` writes them into `BENCHMARKS.md`.

use kr_runtime::prelude::*;
use kr_tests::load::{Table, has_argument, patience};
use rpds::VectorSync;
use std::sync::Arc;
use std::time::{Duration, Instant};

const TIME: Duration = Duration::from_millis(200);

/// A state with one type of collection for its notes, and its host.
macro_rules! collection {
    ($module:ident, $notes:ty, $push:expr) => {
        mod $module {
            use super::*;

            #[derive(Clone, Serialize, Deserialize, SharedState)]
            #[shared_state(lock = "book")]
            #[serde(rename_all = "PascalCase")]
            struct Book {
                visit_count: u64,
                notes: $notes,
            }

            #[derive(Host)]
            struct Site {
                book: Shared<Book>,
            }

            fn site(notes: usize) -> Site {
                let notes = (0..notes).map(|note| format!("{note:040}").into());
                Site {
                    book: Shared::new(Book {
                        visit_count: 0,
                        notes: notes
                            .collect::<Vec<_>>()
                            .into_iter()
                            .collect::<Collected>()
                            .into(),
                    }),
                }
            }

            type Collected = <$notes as CollectInto>::Collected;

            /// The time of an update that does not change the notes, and of one that adds a note.
            pub(super) async fn measure(notes: usize) -> [Duration; 2] {
                let site = site(notes);
                let visit = best(async || {
                    let done = site.update(|book: &mut Book| book.visit_count += 1);
                    done.await.expect("the lock");
                });
                let visit = visit.await;
                let push: fn(&mut $notes, String) = $push;
                let add = best(async || {
                    let note = format!("{:040}", 1);
                    let done = site.update(|book: &mut Book| push(&mut book.notes, note));
                    done.await.expect("the lock");
                });
                [visit, add.await]
            }
        }
    };
}

/// What the notes are collected into before they are shared.
trait CollectInto {
    type Collected;
}

impl CollectInto for Vec<String> {
    type Collected = Self;
}

impl CollectInto for Arc<Vec<String>> {
    type Collected = Vec<String>;
}

impl CollectInto for Vec<Arc<str>> {
    type Collected = Self;
}

impl CollectInto for VectorSync<String> {
    type Collected = Self;
}

collection!(plain, Vec<String>, Vec::push);
collection!(behind_an_arc, Arc<Vec<String>>, |notes, note| {
    Arc::make_mut(notes).push(note);
});
collection!(shared_texts, Vec<Arc<str>>, |notes, note| notes
    .push(note.into()));
collection!(persistent, VectorSync<String>, |notes, note| {
    notes.push_back_mut(note);
});

async fn best(change: impl AsyncFn()) -> Duration {
    let start = Instant::now();
    let mut best = Duration::MAX;
    // At least a few rounds, however long they take.
    for round in 0.. {
        if round >= 5 && start.elapsed() > TIME * patience() {
            break;
        }
        let round = Instant::now();
        change().await;
        best = best.min(round.elapsed());
    }
    best
}

fn shown(time: Duration) -> String {
    match time.as_nanos() as f64 {
        nanos if nanos < 1e4 => format!("{:.2} µs", nanos / 1e3),
        nanos if nanos < 1e6 => format!("{:.0} µs", nanos / 1e3),
        nanos => format!("{:.1} ms", nanos / 1e6),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let counts = [1_000, 100_000, 1_000_000];
    let head = [
        "a commit",
        "",
        "1,000 notes",
        "100,000 notes",
        "1,000,000 notes",
    ];
    let mut table = Table::new("large", head);
    let mut rows = vec![Vec::new(); 8];
    for count in counts {
        let times = [
            plain::measure(count).await,
            behind_an_arc::measure(count).await,
            shared_texts::measure(count).await,
            persistent::measure(count).await,
        ];
        for (row, time) in rows.iter_mut().zip(times.as_flattened()) {
            row.push(shown(*time));
        }
    }
    let names = [
        "`Vec<String>`",
        "`Arc<Vec<String>>`",
        "`Vec<Arc<str>>`",
        "`rpds::VectorSync<String>`",
    ];
    for (index, row) in rows.into_iter().enumerate() {
        let (name, what) = match index % 2 {
            0 => (names[index / 2], "notes left alone"),
            _ => ("", "one note more"),
        };
        table.row([name.to_owned(), what.to_owned()].into_iter().chain(row));
    }
    println!("{table}");
    if has_argument("--write") {
        table.write("From the draft to the freeing of what it replaced, by `Host::update`: the best of many.");
    }
}
