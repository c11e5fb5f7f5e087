//! The process is killed at any moment, again and again, over the same file.

use crate::office::{Event, Expected, Page, Running};
use crate::support::rounds;
use kr_runtime::{Host as _, Store};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

/// Counts wait so long at most for a batch that is due.
const COUNTS_WAIT: Duration = Duration::from_millis(100);

#[test]
fn what_was_answered_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut expected = Expected::default();
    let (mut answers, mut latest) = (0, 0);
    let kills = rounds("KR_KILLS", 20);
    for round in 0..kills {
        let time = Duration::from_micros(5_000 + random(round) % 150_000);
        let life = live(folder.path(), round as u64 * 1_000_000, time);
        answers += life.events.len();
        life.events
            .iter()
            .cloned()
            .for_each(|event| expected.add(event));
        // A batch may have been on its way when the count came, and the next one when the process was killed.
        let slack = COUNTS_WAIT + 2 * life.longest_batch() + Duration::from_millis(20);
        let due = life.killed - u64::try_from(slack.as_micros()).unwrap();
        let due = expected.visits_before(due);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let checked = runtime.block_on(async {
            let store =
                Store::open(folder.path().join("office.kr")).map_err(|error| error.to_string())?;
            let running = Running::start(store).await?;
            expected.check(&running).await?;
            let visits = running.office.read::<Page>().await.unwrap().visits.get();
            if visits < due {
                return Err(format!("{due} visits were due, and {visits} are there"));
            }
            latest = visits;
            expected.settle(&running).await
        });
        if let Err(error) = checked {
            let kept = folder.keep();
            panic!(
                "after kill {round}: {error}; the files are in {}",
                kept.display()
            );
        }
    }
    println!("{kills} kills, {answers} answers, {latest} visits");
    assert!(
        answers > 5 * kills,
        "{answers} answers are too few to say anything"
    );
}

/// What a process has reported before it was killed.
struct Life {
    events: Vec<Event>,
    /// When, in microseconds of the Unix time.
    killed: u64,
}

impl Life {
    /// The longest time in which no answer came.
    fn longest_batch(&self) -> Duration {
        // Counts say when they were made; answers in between show that batches were written.
        let mut last = None;
        let mut longest = 0;
        let mut is_answered = false;
        for event in &self.events {
            match event {
                Event::Counted(_, micros) if is_answered || last.is_none() => {
                    longest = longest.max(last.map_or(0, |last| micros.saturating_sub(last)));
                    last = Some(*micros);
                    is_answered = false;
                }
                Event::Counted(..) => {}
                _ => is_answered = true,
            }
        }
        let end = last.map_or(0, |last| self.killed.saturating_sub(last));
        Duration::from_micros(longest.max(end))
    }
}

/// Starts the writer, and kills it some time after its first answer.
fn live(folder: &Path, first: u64, time: Duration) -> Life {
    let mut child = Command::new(env!("CARGO_BIN_EXE_store_writer"))
        .arg(folder)
        .arg(first.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = child.stdout.take().unwrap();
    let (sender, is_working) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        let mut events = Vec::new();
        for line in BufReader::new(output).lines() {
            events.extend(Event::parse(&line.unwrap()));
            let _ = sender.send(());
        }
        events
    });
    is_working
        .recv_timeout(Duration::from_secs(60))
        .expect("a first answer");
    std::thread::sleep(time);
    let killed = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    Life {
        events: reader.join().unwrap(),
        killed: u64::try_from(killed.as_micros()).unwrap(),
    }
}

fn random(round: usize) -> u64 {
    (round as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20
}
