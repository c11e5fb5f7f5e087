//! Writes into the store `office.kr` of a folder until it is killed, and reports every answer on its standard output.
//!
//! Arguments: the folder, and the number from which keys go on.

#[path = "../office/mod.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "two programs use it, each a part"
)]
mod office;

use crate::office::{Running, work};
use kr_runtime::Store;
use std::io::Write;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder");
    let first = arguments
        .next()
        .and_then(|first| first.parse().ok())
        .expect("a number");
    let store = Store::open(format!("{folder}/office.kr")).expect("the store");
    let running = Running::start(store).await.expect("the application");
    let report = |event| {
        // One write for each line: whatever was written before the process was killed, the other end reads.
        let line = format!("{event}\n");
        let mut output = std::io::stdout().lock();
        output
            .write_all(line.as_bytes())
            .expect("somebody reads this");
        output.flush().expect("somebody reads this");
    };
    work(&running, first, report).await;
}
