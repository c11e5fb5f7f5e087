//! Waiting for a lock with a thread, for code that is not async.

use super::{Asker, Deadline, Guards, Held, Lock, LockError, order};
use std::ops::Deref;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::thread::{self, Thread};
use std::time::Instant;
use tokio::sync::oneshot;

/// As [`super::acquire`], on a thread of its own. There need not be a runtime: the thread itself keeps the time.
pub(crate) fn acquire<L: Deref<Target = Lock>>(
    lock: L,
    asker: Asker,
    deadline: &mut Deadline,
) -> Result<Held<L>, LockError> {
    refuse_async();
    if let Some(turn) = lock.ask(asker, deadline)? {
        let mut turn = pin!(turn);
        let waker = Arc::new(Unpark(thread::current())).into();
        let mut context = Context::from_waker(&waker);
        while turn.as_mut().poll(&mut context) == Poll::Pending {
            let left = deadline
                .at()
                .map(|at| at.checked_duration_since(Instant::now()));
            match left {
                None => thread::park(),
                Some(Some(left)) => thread::park_timeout(left),
                Some(None) => return Err(lock.timed_out(deadline)),
            }
        }
        lock.held_for();
    }
    Ok(Held::new(lock, asker))
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
