//! What an idle instance of a keyed state takes up, with an eight-byte key and an eight-byte value, and how long a page of
//! 100 takes in a map of a million keys; beside maps that are written by hand.
//!
//! ```text
//! cargo run --release -p kr-tests --bin instance_memory
//! ```
//!
//! It is resident memory as the system counts it, so each map is measured in a process of its own.

use kr_runtime::prelude::SharedState;
use kr_runtime::{KeyWriter, LockKey, SharedMap};
use std::collections::{BTreeMap, HashMap};
use std::env::{args, current_exe};
use std::fs;
use std::hint::black_box;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const INSTANCES: u64 = 1_000_000;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "count:{id}")]
struct Count(u64);

/// A key whose text kr can write, and not read.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Id(u64);

impl LockKey for Id {
    fn write_to(&self, text: &mut KeyWriter<'_>) {
        text.part(self.0);
    }
}

impl From<u64> for Id {
    fn from(id: u64) -> Self {
        Self(id)
    }
}

fn main() {
    match args().nth(1).as_deref() {
        None => {
            for map in [
                "kr",
                "kr at_most",
                "kr key",
                "HashMap<u64, Arc<Mutex<u64>>>",
                "HashMap and BTreeMap",
            ] {
                let program = current_exe().expect("this program");
                let done = Command::new(program).arg(map).status();
                assert!(done.expect("a process").success());
            }
        }
        Some("kr") => kr::<u64>("kr", &SharedMap::new()),
        Some("kr key") => kr::<Id>(
            "kr, with a key that has a text of its own",
            &SharedMap::new(),
        ),
        Some("kr at_most") => {
            let limited = SharedMap::new()
                .at_most(2_000_000)
                .idle_for(Duration::from_secs(3600));
            kr::<u64>("kr, with at_most and idle_for", &limited);
        }
        Some(name @ "HashMap and BTreeMap") => {
            let before = resident();
            let mut map = HashMap::new();
            let mut order = BTreeMap::new();
            for key in 0..INSTANCES {
                let value = Arc::new(tokio::sync::Mutex::new(key));
                order.insert(key, Arc::clone(&value));
                map.insert(key, value);
            }
            report(name, before);
            black_box((map, order));
        }
        Some(name) => {
            let before = resident();
            let map: HashMap<u64, _> = (0..INSTANCES)
                .map(|key| (key, Arc::new(Mutex::new(key))))
                .collect();
            report(name, before);
            black_box(map);
        }
    }
}

fn kr<K: LockKey + From<u64>>(name: &str, counts: &SharedMap<K, Count>) {
    let before = resident();
    for key in 0..INSTANCES {
        let changed = counts.blocking_update(&key.into(), |count| count.0 = key);
        changed.expect("the memory store keeps it");
    }
    report(name, before);
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let page = async {
        let start = Instant::now();
        for round in 0..1000 {
            let after = K::from(round * 997);
            black_box(counts.page(Some(&after), 100).await.expect("a page"));
        }
        start.elapsed() / 1000
    };
    let time = runtime.expect("a runtime").block_on(page);
    println!("{name}: a page of 100 takes {time:?}");
}

fn report(name: &str, before: u64) {
    let bytes = (resident() - before) / INSTANCES;
    println!("{name}: {bytes} bytes for each of {INSTANCES} instances");
}

/// In bytes.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("a system that counts memory");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kilobytes
        .and_then(|number| number.trim().parse::<u64>().ok())
        .expect("a number")
        * 1024
}
