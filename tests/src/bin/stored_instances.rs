//! A keyed state with far more instances than are in memory: how long a start with a million of them in the file takes, how
//! much memory they need, and how long one takes that is not in memory.
//!
//! ```text
//! cargo run --release -p kr-tests --bin stored_instances              # INSTANCES=100000 for fewer
//! cargo run --release -p kr-tests --bin stored_instances -- 1000      # with that many bytes of text in each
//! ```
//!
//! The start is that of a new process after a clean stop, after a kill under load, and after a kill of a process that has not
//! written for a while. Reads come from the system's cache of the file.

use kr_runtime::prelude::*;
use kr_runtime::{SharedMap, Store};
use std::env::{args, current_exe, temp_dir, var};
use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{fs, process};
use tokio::task::JoinSet;

type Done<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

#[derive(Clone, Default, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "account:{id}")]
struct Account {
    owner: String,
    balance: i64,
}

#[derive(Host)]
struct Bank {
    accounts: SharedMap<u64, Account>,
}

/// What the instances may take up in memory.
const MEMORY: usize = 8 * 1024 * 1024;
/// How many change at a time while the file is filled.
const TASKS: u64 = 2_000;
/// How many are read.
const READS: u64 = 20_000;

fn main() -> Done {
    let arguments: Vec<_> = args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["fill", file, bytes] => run(fill(Path::new(file), bytes.parse()?)),
        ["read", file, after, wait] => {
            let wait = Duration::from_millis(wait.parse()?);
            run(read(Path::new(file), after, wait))
        }
        [] => measure("40"),
        [bytes] => measure(bytes),
        _ => Err("there is one argument: the bytes of text in each instance".into()),
    }
}

/// Each step is a process of its own.
fn measure(bytes: &str) -> Done {
    let folder = var("FOLDER").map_or_else(|_| temp_dir(), Into::into);
    let folder = folder.join(format!("kr-stored-instances-{}", process::id()));
    fs::create_dir(&folder)?;
    let file = folder.join("bank.kr");
    let path = file.to_str().ok_or("a path that is no text")?;
    let step = |arguments: &[&str]| -> Done<bool> {
        Ok(Command::new(current_exe()?)
            .args(arguments)
            .status()?
            .success())
    };
    let done = (|| {
        if step(&["fill", path, bytes])? {
            println!("the file has {} bytes", fs::metadata(&file)?.len());
            // Each of them ends as if it were killed, so long after its last change.
            step(&["read", path, "a clean stop", "0"])?;
            step(&["read", path, "a kill under load", "2000"])?;
            step(&["read", path, "a kill while idle", "0"])?;
        }
        Ok(())
    })();
    fs::remove_dir_all(&folder)?;
    done
}

fn run(step: impl Future<Output = Done>) -> Done {
    tokio::runtime::Runtime::new()?.block_on(step)
}

fn app(file: &Path) -> Done<App<Bank>> {
    let bank = Bank {
        accounts: SharedMap::new(),
    };
    let store = Store::open(file)?;
    Ok(App::new("Bank", bank)
        .store(store)
        .instance_memory(MEMORY)
        .endpoint(0))
}

fn instances() -> u64 {
    let instances = var("INSTANCES").ok();
    instances
        .and_then(|text| text.parse().ok())
        .unwrap_or(1_000_000)
}

async fn fill(file: &Path, bytes: usize) -> Done {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let app = app(file)?.shutdown_signal(async {
        let _ = stopped.await;
    });
    let bank = app.host();
    let server = tokio::spawn(app.build()?.run());
    let start = Instant::now();
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let bank = bank.clone();
        tasks.spawn(async move {
            for key in (task..instances()).step_by(TASKS as usize) {
                let change = bank.accounts.update(&key, move |account| {
                    account.owner = format!("{key:0bytes$}");
                    account.balance = 7;
                });
                change.await?;
            }
            Done::Ok(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    let (count, time) = (instances(), start.elapsed());
    let rate = count as f64 / time.as_secs_f64();
    println!(
        "{count} instances were made in {time:.1?}, {rate:.0} a second; {} MB resident, {} MB at most",
        memory("VmRSS"),
        memory("VmHWM")
    );
    let _ = stop.send(());
    server.await??;
    Ok(())
}

async fn read(file: &Path, after: &str, wait: Duration) -> Done {
    let start = Instant::now();
    let app = app(file)?;
    let bank = app.host();
    let _server = app.build()?;
    println!(
        "after {after}: started in {:.1?}, {} MB resident",
        start.elapsed(),
        memory("VmRSS")
    );
    let start = Instant::now();
    let count = bank.accounts.len().await?;
    println!("  {count} instances, counted in {:.1?}", start.elapsed());
    let mut key = 1_u64;
    for round in ["first", "next"] {
        let mut times = Vec::new();
        for _ in 0..READS {
            // Never one that was read before, and no order that the file knows.
            key = key
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let start = Instant::now();
            let account = bank.accounts.get(&((key >> 20) % instances())).await?;
            times.push(start.elapsed());
            assert_eq!(account.ok_or("an account is missing")?.balance, 7);
        }
        report(round, times);
    }
    // As a kill so long after a change: nothing is dropped or closed.
    bank.accounts
        .update(&0, |account| account.owner.push('x'))
        .await?;
    tokio::time::sleep(wait).await;
    process::exit(0)
}

fn report(round: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100];
    println!(
        "  the {round} {READS} of random keys: median {:.1?}, 99 % within {:.1?}, {} MB resident, {} MB at most",
        at(50),
        at(99),
        memory("VmRSS"),
        memory("VmHWM")
    );
}

/// In megabytes.
fn memory(figure: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
    kilobytes.unwrap_or(0) * 1024 / 1_000_000
}
