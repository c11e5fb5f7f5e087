//! A change in code waits without a guard: its own future looks at the lock, keeps the place in line, and gives it up when it
//! is dropped. What `one.rs` does on top is here as short as it can be.

use crate::exploration::{Room, every_order, many_orders, nothing_is_left};
use crate::group::Cut;
use crate::locks::{Asker, Held, Key, Lock, LockError, Locks, Place, Seen, Ticket};
use crate::sync::{Bell, unless_cancelled};
use shuttle::future::{block_on, spawn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

/// Long enough to be counted from the next reading of the clock, where one is due.
const LONG: Duration = Duration::from_secs(3600);

struct Change {
    lock: Arc<Lock>,
    place_in_line: Option<Ticket>,
}

impl Change {
    fn of(locks: &Locks) -> Self {
        Self {
            lock: locks.get(Key::new("a").unwrap()),
            place_in_line: None,
        }
    }
}

impl Future for Change {
    type Output = Result<Held<Arc<Lock>>, LockError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let asker = Asker::passing(Place::here());
        let look = |_: &Cut| ();
        let seen = match self.place_in_line.take() {
            None => self.lock.take_or_wait(asker, cx.waker(), LONG, look)?,
            Some(ticket) => self.lock.look_again(ticket, cx.waker(), LONG, look)?,
        };
        match seen {
            Seen::Held(()) => Poll::Ready(Ok(Held::new(Arc::clone(&self.lock), asker))),
            Seen::Waits(ticket) => {
                self.place_in_line = Some(ticket);
                Poll::Pending
            }
        }
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        if let Some(ticket) = self.place_in_line {
            self.lock.leave(ticket);
        }
    }
}

/// Somebody holds the lock, and changes wait for it until `bell` rings.
fn changes_that_end(bell: Bell, changes: usize) {
    let (locks, room) = (Locks::new(), Arc::new(Room::default()));
    let held = block_on(locks.lock("a")).unwrap();
    let changes: Vec<_> = (0..changes)
        .map(|_| {
            let (locks, room) = (locks.clone(), Arc::clone(&room));
            spawn(async move {
                match unless_cancelled(Change::of(&locks)).await {
                    Some(Ok(held)) => room.visit(&held),
                    Some(Err(error)) => assert!(matches!(error, LockError::TimedOut { .. })),
                    None => {}
                }
            })
        })
        .collect();
    let release = spawn(async move { drop(held) });
    bell.ring();
    block_on(async {
        release.await.unwrap();
        for change in changes {
            change.await.unwrap();
        }
    });
    nothing_is_left(&locks);
}

#[test]
fn a_cancelled_change_leaves_nothing() {
    every_order(|| changes_that_end(Bell::Cancel, 1));
}

#[test]
fn a_change_that_times_out_leaves_nothing() {
    every_order(|| changes_that_end(Bell::Deadline, 1));
}

#[test]
fn cancelled_changes_leave_nothing() {
    many_orders(|| changes_that_end(Bell::Cancel, 2));
}

#[test]
fn changes_that_time_out_leave_nothing() {
    many_orders(|| changes_that_end(Bell::Deadline, 2));
}

/// The second of them does not read the clock: its time is counted from when that was read for the first.
#[test]
fn changes_that_wait_for_what_is_not_released_all_time_out() {
    many_orders(|| {
        let locks = Locks::new();
        let held = block_on(spawn(locks.lock("a"))).unwrap().unwrap();
        let changes = [(); 2].map(|()| spawn(Change::of(&locks)));
        Bell::Deadline.ring();
        for change in changes {
            let ended = block_on(change).unwrap();
            assert!(matches!(ended, Err(LockError::TimedOut { .. })));
        }
        drop(held);
        nothing_is_left(&locks);
    });
}

#[test]
fn changes_never_hold_a_lock_together() {
    every_order(|| {
        let (locks, room) = (Locks::new(), Arc::new(Room::default()));
        let changes = [(); 2].map(|()| {
            let (locks, room) = (locks.clone(), Arc::clone(&room));
            spawn(async move { room.visit(&Change::of(&locks).await.unwrap()) })
        });
        for change in changes {
            block_on(change).unwrap();
        }
        nothing_is_left(&locks);
    });
}
