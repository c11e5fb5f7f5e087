//! Taking one lock or several, in an async task.

#[cfg(feature = "operations")]
use super::blocked::Noted;
use super::waiter::{Expired, Waiter};
use super::{Guards, Held, Lock, LockError, LockRef, LockRequest, WaitPolicy, lock_order};

/// Takes a lock, waiting in its queue until the deadline. Dropping the future leaves the queue.
pub(crate) async fn acquire<L: LockRef>(
    lock: L,
    request: LockRequest,
    policy: &mut WaitPolicy,
) -> Result<Held<L>, LockError> {
    if !try_acquire(&lock, request, policy)? {
        wait(&lock, request, policy).await?;
    }
    Ok(Held::new(lock, request))
}

/// Takes all locks of a request. They come sorted by key and without repeats: one global order makes a deadlock
/// impossible. The deadline is for all of them together.
pub(crate) async fn acquire_all<L: LockRef>(
    locks: &[L],
    request: LockRequest,
    policy: &mut WaitPolicy,
) -> Result<Guards<L>, LockError> {
    if locks.len() > 1 {
        lock_order::check(locks.iter().map(|lock| lock.order()), request.call_site)?;
    }
    let mut guards = Guards::new();
    for lock in locks {
        // Not by `acquire`: a lock that is free is worth no future.
        if !try_acquire(lock, request, policy)? {
            #[cfg(feature = "operations")]
            let _noted = (locks.len() > 1).then(|| Noted::new(&guards, lock));
            wait(lock, request, policy).await?;
        }
        guards.push(Held::new(lock.clone(), request));
    }
    Ok(guards)
}

/// Takes the lock if it is free.
#[inline]
fn try_acquire<V: Send + 'static>(
    lock: &Lock<V>,
    request: LockRequest,
    policy: &WaitPolicy,
) -> Result<bool, LockError> {
    if policy.may_wait() {
        lock_order::check_one(lock.order(), request)?;
    }
    Ok(lock.try_acquire(request))
}

/// Waits for a lock that was taken a moment ago.
async fn wait<V: Send + 'static>(
    lock: &Lock<V>,
    request: LockRequest,
    policy: &mut WaitPolicy,
) -> Result<(), LockError> {
    if let Some(id) = lock.enqueue(request, policy)? {
        let waiter = Waiter::new(lock, id);
        let granted = waiter.await;
        granted.map_err(|Expired| lock.timed_out(policy.timeout()))?;
    }
    if request.is_long {
        lock.hold_time();
    }
    Ok(())
}
