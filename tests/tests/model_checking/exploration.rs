//! Running a model under many schedules, and what every model asserts.

use crate::event::Event;
use crate::store::Locks;
use crate::sync::{step, timer};
use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler};
use shuttle::{Config, MaxSteps, Runner};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Beyond this number the check would not be exhaustive, and the model has to be made smaller.
const MAX_SCHEDULES: usize = 3_000_000;

/// Runs the model under every schedule of its steps.
pub(crate) fn every_schedule(model: impl Fn() + Send + Sync + 'static) {
    let scheduler = DfsScheduler::new(Some(MAX_SCHEDULES), false);
    let tried = Runner::new(scheduler, config()).run(with_fresh_events(model));
    println!("{tried} schedules");
    assert!(tried < MAX_SCHEDULES, "the model has too many schedules");
}

/// Runs the model under a seeded sample of schedules: one half uniform, one half PCT, which favours few context switches.
pub(crate) fn sampled_schedules(model: impl Fn() + Send + Sync + 'static) {
    let runs = std::env::var("KR_MODEL")
        .ok()
        .and_then(|runs| runs.parse().ok());
    let runs = runs.unwrap_or(20_000);
    let model = Arc::new(with_fresh_events(model));
    let seed = 0x6b72;
    let uniform = Arc::clone(&model);
    Runner::new(RandomScheduler::new_from_seed(seed, runs / 2), config()).run(move || uniform());
    Runner::new(PctScheduler::new_from_seed(seed, 3, runs / 2), config()).run(move || model());
}

fn with_fresh_events(
    model: impl Fn() + Send + Sync + 'static,
) -> impl Fn() + Send + Sync + 'static {
    move || {
        Event::reset_all();
        model();
    }
}

fn config() -> Config {
    let mut config = Config::new();
    // A model has some dozens of steps. Far more mean that a task starves.
    config.max_steps = MaxSteps::FailAfter(5000);
    config
}

/// A critical section, with the number of tasks inside it.
#[derive(Default)]
pub(crate) struct CriticalSection(AtomicUsize);

impl CriticalSection {
    /// Enters the section, lets other tasks run, and leaves it.
    pub(crate) fn enter<G>(&self, _: &G) {
        let others = self.0.fetch_add(1, Ordering::SeqCst);
        assert_eq!(others, 0, "the lock is held twice");
        step();
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// All tasks have ended: no entry and no timer is left.
pub(crate) fn assert_nothing_left(locks: &Locks) {
    assert_eq!(format!("{locks:?}"), "{}", "entries are left in the table");
    assert_eq!(timer::count(), 0, "timers are left");
}
