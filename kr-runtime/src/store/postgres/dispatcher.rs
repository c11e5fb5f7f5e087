//! Requests for rows, and which of them become a batch together.
//!
//! A lock has one batch at a time. Requests for locks that have none are put into one batch, so that one transaction serves
//! all of them. What another process holds is left out of it, and waited for in a transaction of its own.

use crate::store::shared::{RowLockError, RowLocks, RowRequest};
use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, oneshot};

/// Requests that wait for a batch, and the locks that have one.
#[derive(Default)]
pub(super) struct Dispatcher {
    state: Mutex<State>,
    /// There may be a batch to begin.
    wake: Notify,
    is_idle: Notify,
}

#[derive(Default)]
struct State {
    waiting: VecDeque<Pending>,
    /// The locks that are in a batch.
    busy: HashSet<usize>,
    /// How many batches there are.
    batches: usize,
    /// How many of them are of many calls.
    common: usize,
}

/// A request.
pub(super) struct Pending {
    pub(super) request: RowRequest,
    pub(super) reply: Reply,
    pub(super) way: Way,
}

pub(super) type Reply = oneshot::Sender<Result<RowLocks, RowLockError>>;

/// How the rows of a request are locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Together with others.
    Common,
    /// In a transaction of its own, which waits for who holds them, and makes those that are not there.
    Own,
}

/// A batch to begin.
pub(super) struct Start {
    pub(super) requests: Vec<Pending>,
    pub(super) way: Way,
}

/// While a common batch is under way, another one begins only for so many calls: fewer are served sooner by the next.
const WORTH_ANOTHER: usize = 16;

impl Dispatcher {
    pub(super) fn add(&self, request: RowRequest, reply: Reply) {
        let way = match request.is_alone {
            true => Way::Own,
            false => Way::Common,
        };
        self.state().waiting.push_back(Pending {
            request,
            reply,
            way,
        });
        self.wake.notify_one();
    }

    /// Puts requests back that have to wait for rows on their own.
    pub(super) fn add_own(&self, requests: Vec<Pending>) {
        let mut state = self.state();
        for request in requests.into_iter().rev() {
            state.waiting.push_front(Pending {
                way: Way::Own,
                ..request
            });
        }
        self.wake.notify_one();
    }

    /// Waits until there may be a batch to begin.
    pub(super) async fn changed(&self) {
        self.wake.notified().await;
    }

    /// The next batch to begin, if there is one.
    pub(super) fn next(&self, most_batches: usize, most_calls: usize) -> Option<Start> {
        let mut state = self.state();
        let state = &mut *state;
        state.waiting.retain(|pending| !pending.reply.is_closed());
        if state.batches >= most_batches {
            return None;
        }
        // Who waits for a lock that has a batch holds up those behind it that want one of its locks.
        let mut taken = state.busy.clone();
        let mut common = Vec::new();
        let mut own = None;
        for (number, pending) in state.waiting.iter().enumerate() {
            let ids = || pending.request.groups.iter().map(|group| group.id());
            let is_free = !ids().any(|id| taken.contains(&id));
            taken.extend(ids());
            match pending.way {
                _ if !is_free => {}
                Way::Own => {
                    own.get_or_insert(number);
                }
                Way::Common if common.len() < most_calls => common.push(number),
                Way::Common => {}
            }
        }
        let is_worth_it = state.common == 0 || common.len() >= WORTH_ANOTHER;
        let (numbers, way) = match own {
            Some(own) => (vec![own], Way::Own),
            None if is_worth_it && !common.is_empty() => (common, Way::Common),
            None => return None,
        };
        let mut requests = Vec::with_capacity(numbers.len());
        for number in numbers.into_iter().rev() {
            requests.extend(state.waiting.remove(number));
        }
        requests.reverse();
        let ids = requests.iter().flat_map(|pending| &pending.request.groups);
        state.busy.extend(ids.map(|group| group.id()));
        state.batches += 1;
        state.common += usize::from(way == Way::Common);
        Some(Start { requests, way })
    }

    /// A batch has ended.
    pub(super) fn end(&self, locks: &[usize], way: Way) {
        let mut state = self.state();
        for lock in locks {
            state.busy.remove(lock);
        }
        state.batches -= 1;
        state.common -= usize::from(way == Way::Common);
        let is_idle = state.batches == 0 && state.waiting.is_empty();
        drop(state);
        self.wake.notify_one();
        if is_idle {
            self.is_idle.notify_waiters();
        }
    }

    /// Waits until there is nothing to do.
    pub(super) async fn idle(&self) {
        loop {
            let idle = self.is_idle.notified();
            {
                let mut state = self.state();
                state.waiting.retain(|pending| !pending.reply.is_closed());
                if state.batches == 0 && state.waiting.is_empty() {
                    return;
                }
            }
            idle.await;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
