//! Waiting for a lock with a thread, for code that is not async.

use super::lock_order as order;
use super::waiter::{Expired, Turn};
use super::{Asker, Deadline, Guards, Held, Lock, LockError};
use std::ops::Deref;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::thread::{self, Thread};
use tokio::sync::oneshot;

/// As [`super::acquire`], on a thread of its own. There need not be a runtime.
pub(crate) fn acquire<L: Deref<Target = Lock>>(
    lock: L,
    asker: Asker,
    deadline: &mut Deadline,
) -> Result<Held<L>, LockError> {
    refuse_async();
    if deadline.may_wait() {
        order::check_one(&lock, asker)?;
    }
    if !lock.take(asker) {
        if let Some(turn) = lock.ask(asker, deadline)? {
            park(turn).map_err(|Expired| lock.timed_out(deadline.wait()))?;
        }
        lock.held_for();
    }
    Ok(Held::new(lock, asker))
}

fn park(turn: Turn<'_>) -> Result<(), Expired> {
    let mut turn = pin!(turn);
    let waker = Arc::new(Unpark(thread::current())).into();
    let mut context = Context::from_waker(&waker);
    loop {
        match turn.as_mut().poll(&mut context) {
            Poll::Ready(came) => return came,
            Poll::Pending => thread::park(),
        }
    }
}

/// As [`super::acquire_all`], on a thread of its own.
pub(crate) fn acquire_all<L: Deref<Target = Lock> + Clone>(
    locks: &[L],
    asker: Asker,
    deadline: &mut Deadline,
) -> Result<Guards<L>, LockError> {
    if locks.len() > 1 {
        order::check(locks, asker.place)?;
    }
    let each = locks.iter();
    each.map(|lock| acquire(lock.clone(), asker, deadline))
        .collect()
}

/// Panics where a thread must not be blocked, with tokio's own check for it.
fn refuse_async() {
    let (_, ended) = oneshot::channel::<()>();
    let _ = ended.blocking_recv();
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
