//! What these tests have in common.

use crate::ledger::{Fate, Machine, add};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often a test does what it does.
pub(crate) fn rounds(otherwise: usize) -> usize {
    let number = std::env::var("KR_POSTGRES_ROUNDS").ok();
    let number = number.map(|number| number.parse());
    number.map_or(otherwise, |number| number.expect("a number"))
}

/// Numbers that no two writers have.
pub(crate) fn first_number() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1_000_000, Ordering::Relaxed)
}

/// Another process that writes, and what it has said.
pub(crate) struct Writer {
    pub(crate) child: Child,
    fates: Arc<Mutex<BTreeMap<u64, Fate>>>,
    reader: JoinHandle<()>,
}

impl Writer {
    pub(crate) fn start(url: &str, tasks: usize) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_shared_writer"))
            .args([url, &first_number().to_string(), &tasks.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = child.stdout.take().unwrap();
        let fates = Arc::new(Mutex::new(BTreeMap::new()));
        let told = Arc::clone(&fates);
        let reader = std::thread::spawn(move || {
            for line in BufReader::new(output).lines() {
                let line = line.unwrap();
                if let Some((fate, number)) = line.split_once(' ') {
                    let fate = Fate::of_name(fate).unwrap();
                    told.lock().unwrap().insert(number.parse().unwrap(), fate);
                }
            }
        });
        Self {
            child,
            fates,
            reader,
        }
    }

    /// How many numbers it has kept.
    pub(crate) fn kept(&self) -> usize {
        let fates = self.fates.lock().unwrap();
        fates.values().filter(|fate| **fate == Fate::Kept).count()
    }

    /// Waits until it has kept so many more.
    pub(crate) async fn wait_for(&self, more: usize, patience: Duration) {
        let before = self.kept();
        let waited = tokio::time::timeout(patience, async {
            while self.kept() < before + more {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
        assert!(waited.await.is_ok(), "nothing was kept within {patience:?}");
    }

    pub(crate) fn signal(&self, name: &str) {
        let signal = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status();
        assert!(signal.unwrap().success());
    }

    /// Kills the process. Returns what it has said.
    pub(crate) fn kill(mut self) -> BTreeMap<u64, Fate> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.reader.join().unwrap();
        Arc::into_inner(self.fates).unwrap().into_inner().unwrap()
    }
}

/// Tasks of this process that write until they are told to end.
pub(crate) struct Load {
    is_over: Arc<AtomicBool>,
    tasks: Vec<tokio::task::JoinHandle<BTreeMap<u64, Fate>>>,
    kept: Arc<AtomicU64>,
}

impl Load {
    pub(crate) fn start(machines: &[Machine], tasks: usize) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let kept = Arc::new(AtomicU64::new(0));
        let tasks = (0..tasks).map(|task| {
            let machine = machines[task % machines.len()].clone();
            let (is_over, kept) = (Arc::clone(&is_over), Arc::clone(&kept));
            tokio::spawn(async move {
                let mut fates = BTreeMap::new();
                for number in first_number().. {
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                    let fate = add(&machine, number).await;
                    fates.insert(number, fate);
                    match fate {
                        Fate::Kept => drop(kept.fetch_add(1, Ordering::Relaxed)),
                        _ => tokio::time::sleep(Duration::from_millis(20)).await,
                    }
                }
                fates
            })
        });
        Self {
            tasks: tasks.collect(),
            is_over,
            kept,
        }
    }

    /// Waits until so many more numbers were kept.
    pub(crate) async fn wait_for(&self, more: u64, patience: Duration) {
        let goal = self.kept.load(Ordering::Relaxed) + more;
        let waited = tokio::time::timeout(patience, async {
            while self.kept.load(Ordering::Relaxed) < goal {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        });
        assert!(waited.await.is_ok(), "nothing was kept within {patience:?}");
    }

    /// Ends it. Returns what was said.
    pub(crate) async fn end(self) -> BTreeMap<u64, Fate> {
        self.is_over.store(true, Ordering::Relaxed);
        let mut fates = BTreeMap::new();
        for task in self.tasks {
            let ended = tokio::time::timeout(Duration::from_secs(60), task).await;
            fates.extend(ended.expect("a change never ends").unwrap());
        }
        fates
    }
}
