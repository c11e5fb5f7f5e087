//! Running a model, and what every model asserts.

use crate::locks::Locks;
use crate::sync::{Bell, alarm, step};
use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler};
use shuttle::{Config, MaxSteps, Runner};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// More than that is no exhaustive check any more, and the model is to be made smaller.
const TOO_MANY: usize = 3_000_000;

/// Tries every order of the model's steps.
pub(crate) fn every_order(model: impl Fn() + Send + Sync + 'static) {
    let scheduler = DfsScheduler::new(Some(TOO_MANY), false);
    let tried = Runner::new(scheduler, config()).run(fresh(model));
    println!("{tried} orders");
    assert!(tried < TOO_MANY, "the model has too many orders");
}

/// Tries orders at random, half of them uniformly and half of them such that few changes of task matter.
pub(crate) fn many_orders(model: impl Fn() + Send + Sync + 'static) {
    let runs = std::env::var("KR_MODEL")
        .ok()
        .and_then(|runs| runs.parse().ok());
    let runs = runs.unwrap_or(20_000);
    let model = Arc::new(fresh(model));
    let seed = 0x6b72;
    let uniform = Arc::clone(&model);
    Runner::new(RandomScheduler::new_from_seed(seed, runs / 2), config()).run(move || uniform());
    Runner::new(PctScheduler::new_from_seed(seed, 3, runs / 2), config()).run(move || model());
}

fn fresh(model: impl Fn() + Send + Sync + 'static) -> impl Fn() + Send + Sync + 'static {
    move || {
        Bell::reset_all();
        model();
    }
}

fn config() -> Config {
    let mut config = Config::new();
    // A model has some dozens of steps; one that goes on has somebody who never gets its turn.
    config.max_steps = MaxSteps::FailAfter(5000);
    config
}

/// How many are in a critical section that is for one at a time.
#[derive(Default)]
pub(crate) struct Room(AtomicUsize);

impl Room {
    /// Goes in, lets others run, and goes out.
    pub(crate) fn visit<G>(&self, _: &G) {
        let others = self.0.fetch_add(1, Ordering::SeqCst);
        assert_eq!(others, 0, "the lock is held twice");
        step();
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Everybody is gone: nothing is left of any lock.
pub(crate) fn nothing_is_left(locks: &Locks) {
    assert_eq!(format!("{locks:?}"), "{}", "names are left in the table");
    assert_eq!(alarm::count(), 0, "alarms are left");
}
