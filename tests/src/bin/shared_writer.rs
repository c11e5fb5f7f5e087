//! Adds numbers to a list in PostgreSQL until it is killed, and reports what became of each on its standard output.
//!
//! Arguments: the URL, the first number, and how many tasks do it at once.

#[path = "../ledger.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "several programs use it, each a part"
)]
mod ledger;

use crate::ledger::{Fate, add, connect, options};
use std::io::Write;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let url = arguments.next().expect("a URL");
    let mut number = || arguments.next().and_then(|text| text.parse::<u64>().ok());
    let (first, tasks) = (number().expect("a number"), number().expect("a number"));
    let ledger = connect(options(), &url).expect("the store");
    let mut writers = tokio::task::JoinSet::new();
    for task in 0..tasks {
        let ledger = ledger.clone();
        writers.spawn(async move {
            for number in (first + task..).step_by(tasks as usize) {
                let fate = add(&ledger, number).await;
                report(fate, number);
                if fate != Fate::Kept {
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
            }
        });
    }
    while writers.join_next().await.is_some() {}
}

/// One write for each line: whatever was written before the process was killed, the other end reads.
fn report(fate: Fate, number: u64) {
    let line = format!("{} {number}\n", fate.name());
    let mut output = std::io::stdout().lock();
    let written = output.write_all(line.as_bytes());
    written
        .and_then(|()| output.flush())
        .expect("somebody reads this");
}
