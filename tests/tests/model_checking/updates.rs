//! `Host::update` waits without a guard: its own future polls the lock, keeps the position in the queue, and gives it up when
//! it is dropped. [`Update`] is the shortest future that does the same.

use crate::event::{Event, unless_cancelled};
use crate::exploration::{CriticalSection, assert_nothing_left, every_schedule, sampled_schedules};
use crate::lock::{Acquisition, CallSite, Held, Key, LockError, LockHandle, LockRequest, WaiterId};
use crate::store::Locks;
use shuttle::future::{block_on, spawn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

struct Update {
    lock: LockHandle<()>,
    waiter: Option<WaiterId>,
}

impl Update {
    fn of(locks: &Locks) -> Self {
        Self {
            lock: locks.table.get(Key::new("a").unwrap()),
            waiter: None,
        }
    }
}

impl Future for Update {
    type Output = Result<Held<LockHandle<()>>, LockError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let request = LockRequest::short(CallSite::here());
        let look = |(): &()| ();
        let acquisition = match self.waiter.take() {
            None => self.lock.acquire_or_enqueue(request, cx.waker(), look)?,
            Some(id) => self.lock.poll_wait(id, cx.waker(), look)?,
        };
        match acquisition {
            Acquisition::Held(()) => Poll::Ready(Ok(Held::new(self.lock.clone(), request))),
            Acquisition::Waits(id) => {
                self.waiter = Some(id);
                Poll::Pending
            }
        }
    }
}

impl Drop for Update {
    fn drop(&mut self) {
        if let Some(id) = self.waiter {
            self.lock.cancel_wait(id);
        }
    }
}

/// One task holds the lock, and `updates` updates wait for it until `event` happens.
fn updates_that_end(event: Event, updates: usize) {
    let (locks, section) = (Locks::new(), Arc::new(CriticalSection::default()));
    let held = block_on(locks.lock("a")).unwrap();
    let updates: Vec<_> = (0..updates)
        .map(|_| {
            let (locks, section) = (locks.clone(), Arc::clone(&section));
            spawn(async move {
                match unless_cancelled(Update::of(&locks)).await {
                    Some(Ok(held)) => section.enter(&held),
                    Some(Err(error)) => assert!(matches!(error, LockError::TimedOut { .. })),
                    None => {}
                }
            })
        })
        .collect();
    let release = spawn(async move { drop(held) });
    event.trigger();
    block_on(async {
        release.await.unwrap();
        for update in updates {
            update.await.unwrap();
        }
    });
    assert_nothing_left(&locks);
}

#[test]
fn a_cancelled_update_leaves_nothing() {
    every_schedule(|| updates_that_end(Event::Cancellation, 1));
}

#[test]
fn an_update_that_times_out_leaves_nothing() {
    every_schedule(|| updates_that_end(Event::Deadline, 1));
}

#[test]
fn cancelled_updates_leave_nothing() {
    sampled_schedules(|| updates_that_end(Event::Cancellation, 2));
}

#[test]
fn updates_that_time_out_leave_nothing() {
    sampled_schedules(|| updates_that_end(Event::Deadline, 2));
}

/// The second update does not read the clock: its wait counts from the tick that was read for the first.
#[test]
fn all_updates_that_wait_for_a_lock_that_is_not_released_time_out() {
    sampled_schedules(|| {
        let locks = Locks::new();
        let held = block_on(spawn(locks.lock("a"))).unwrap().unwrap();
        let updates = [(); 2].map(|()| spawn(Update::of(&locks)));
        Event::Deadline.trigger();
        for update in updates {
            let ended = block_on(update).unwrap();
            assert!(matches!(ended, Err(LockError::TimedOut { .. })));
        }
        drop(held);
        assert_nothing_left(&locks);
    });
}

#[test]
fn updates_never_hold_a_lock_together() {
    every_schedule(|| {
        let (locks, section) = (Locks::new(), Arc::new(CriticalSection::default()));
        let updates = [(); 2].map(|()| {
            let (locks, section) = (locks.clone(), Arc::clone(&section));
            spawn(async move { section.enter(&Update::of(&locks).await.unwrap()) })
        });
        for update in updates {
            block_on(update).unwrap();
        }
        assert_nothing_left(&locks);
    });
}
