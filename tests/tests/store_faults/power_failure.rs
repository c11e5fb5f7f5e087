//! The power fails: of what was written since the last sync, anything may be there, or not, or half.

use crate::office::{Event, Expected, Running, work};
use crate::support::rounds;
use kr_tests::stores::{CrashImages, Disk, Faults};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_a_power_failure() {
    let mut seed = 1;
    let mut images = rounds("KR_CRASHES", 200);
    while images > 0 {
        let some = images.min(1000);
        let disk = Disk::recording();
        let lost = lost(&disk, seed, some).await;
        assert!(
            lost.is_empty(),
            "seed {seed}: {} of {some}: {}",
            lost.len(),
            lost[0]
        );
        images -= some;
        seed += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_lies_about_syncs_loses_something() {
    let lost = lost(&Disk::lying(), 7, 60).await;
    assert!(
        !lost.is_empty(),
        "these tests would not notice a store that never syncs"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_failing_writes_and_then_a_power_failure() {
    for seed in 0..rounds("KR_CRASHES", 200).div_ceil(40) as u64 {
        let disk = Disk::recording();
        let running = Running::start(disk.open().unwrap()).await.unwrap();
        let made = disk.position();
        let answers = record(&disk, &running, 0, made + 60).await;
        // Some write of the next commits fails; the work goes on after that.
        let faults = Faults {
            failing_writes: Some((
                u32::try_from(seed % 23).unwrap(),
                1 + u32::try_from(seed % 3).unwrap(),
            )),
            ..Faults::default()
        };
        disk.set_faults(faults);
        let mut answers_after = Vec::new();
        for start in [100_000, 200_000, 300_000] {
            let from = disk.position() + 100;
            answers_after.extend(record(&disk, &running, start, from).await);
        }
        drop(running);
        let answers: Vec<_> = answers.into_iter().chain(answers_after).collect();
        let lost = check_images(&disk, (made, &answers), seed + 1, 10, true).await;
        assert!(lost.is_empty(), "seed {seed}: {}", lost[0]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_survives_a_power_failure_around_an_idle_moment() {
    let disk = Disk::recording();
    let running = Running::start(disk.open().unwrap()).await.unwrap();
    let made = disk.position();
    let mut answers = record(&disk, &running, 1, made + 200).await;
    let before = disk.position();
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert!(disk.position() > before, "the store has not settled");
    let until = disk.position() + 100;
    answers.extend(record(&disk, &running, 100_000, until).await);
    drop(running);
    let lost = check_images(
        &disk,
        (made + 150, &answers),
        5,
        rounds("KR_CRASHES", 200) / 2,
        true,
    )
    .await;
    assert!(lost.is_empty(), "{} lost: {}", lost.len(), lost[0]);
}

/// Answers, and how much the disk had been asked to do by then.
type Answers = Vec<(usize, Event)>;

/// Works on a disk, lets the power fail at random moments, and returns what is wrong afterwards.
async fn lost(disk: &Disk, seed: u64, images: usize) -> Vec<String> {
    let running = Running::start(disk.open().unwrap()).await.unwrap();
    let made = disk.position();
    let answers = record(disk, &running, 1, 3000).await;
    drop(running);
    assert!(answers.len() > 500, "{} answers say little", answers.len());
    check_images(disk, (made, &answers), seed, images, false).await
}

/// Works until the disk was asked to do so much.
async fn record(disk: &Disk, running: &Running, first: u64, until: usize) -> Answers {
    let answers = Arc::<Mutex<Answers>>::default();
    let report = {
        let (answers, disk) = (Arc::clone(&answers), disk.clone());
        move |event| answers.lock().unwrap().push((disk.position(), event))
    };
    let enough = async {
        let mut position = disk.position();
        while position < until {
            tokio::time::sleep(Duration::from_millis(5)).await;
            position = disk.position();
        }
    };
    tokio::select! {
        () = work(running, first, report) => {}
        () = enough => {}
    }
    std::mem::take(&mut *answers.lock().unwrap())
}

/// Lets the power fail at random moments after the file was made: until then it has another name.
async fn check_images(
    disk: &Disk,
    (made, answers): (usize, &Answers),
    seed: u64,
    count: usize,
    has_gaps: bool,
) -> Vec<String> {
    let mut answers = answers.iter().cloned().peekable();
    let mut images = CrashImages::new(disk, seed);
    let mut expected = match has_gaps {
        true => Expected::with_refusals(),
        false => Expected::default(),
    };
    let mut lost = Vec::new();
    for moment in images.moments(made, count) {
        while let Some((_, event)) = answers.next_if(|(position, _)| *position <= moment) {
            expected.add(event);
        }
        let image = images.at(moment);
        let checked = async {
            let store = image.open().map_err(|error| error.to_string())?;
            let running = Running::start(store).await?;
            expected.check(&running).await
        };
        if let Err(error) = checked.await {
            lost.push(format!("after {moment} requests: {error}"));
        }
    }
    lost
}
