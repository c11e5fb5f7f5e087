//! Taking locks on a thread of its own, for code that is not async.

use super::waiter::{Expired, Waiter};
use super::{Guards, Held, LockError, LockRef, LockRequest, WaitPolicy, lock_order};
use crate::sync::block_on;

/// As [`super::acquire`], on a thread that waits. There need not be a runtime.
pub(crate) fn acquire<L: LockRef>(
    lock: L,
    request: LockRequest,
    policy: &mut WaitPolicy,
) -> Result<Held<L>, LockError> {
    block_on::assert_may_block();
    if policy.may_wait() {
        lock_order::check_one(lock.order(), request)?;
    }
    if !lock.try_acquire(request) {
        if let Some(id) = lock.enqueue(request, policy)? {
            let waiter = Waiter::new(&lock, id);
            block_on::block_on(waiter).map_err(|Expired| lock.timed_out(policy.timeout()))?;
        }
        lock.hold_time();
    }
    Ok(Held::new(lock, request))
}

/// As [`super::acquire_all`], on a thread that waits.
pub(crate) fn acquire_all<L: LockRef>(
    locks: &[L],
    request: LockRequest,
    policy: &mut WaitPolicy,
) -> Result<Guards<L>, LockError> {
    if locks.len() > 1 {
        lock_order::check(locks.iter().map(|lock| lock.order()), request.call_site)?;
    }
    let each = locks.iter();
    each.map(|lock| acquire(lock.clone(), request, policy))
        .collect()
}
