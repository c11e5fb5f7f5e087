//! The fast path for a change of one state by code, the commonest there is.
//!
//! [`Transaction`](super::Transaction) does the same for any number of states. Here the grant and the load are one step
//! under the lock's mutex, and so are the commit and the release: together they cost little more than a bare mutex.

use super::closure_result::{NotCommitted, UpdateOutcome};
use crate::lock::{
    Acquisition, CallSite, Held, LockError, LockRef, LockRequest, WaitPolicy, WaiterId, blocking,
};
use crate::store::{
    Chain, CommitError, CommitStatus, GroupRef, PendingCommit, Receipt, RowLocks, StateLockRef,
    UpdateError, Value, commit_and_release, downcast, lock_rows,
};
use crate::sync::block_on::block_on;
use futures_util::future::BoxFuture;
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::slice;
use std::sync::Arc;
use std::task::{Context, Poll};

/// A state to change, and where it is.
pub(crate) struct SingleState<G, S> {
    pub(crate) group: G,
    pub(crate) index: usize,
    pub(crate) state: PhantomData<fn() -> S>,
}

/// Runs code on a draft of a state under its lock, commits it unless it fails, and waits until that is durable.
pub(crate) fn update_one<G, S, R, E, F>(
    state: Result<SingleState<G, S>, Box<LockError>>,
    call_site: CallSite,
    run: F,
) -> impl Future<Output = Result<R, E>> + use<G, S, R, E, F>
where
    G: GroupRef,
    S: Clone + Send + Sync + 'static,
    E: From<UpdateError>,
    F: FnOnce(&mut S) -> Result<R, E>,
{
    UpdateFuture {
        step: Step::Begin(state),
        call_site,
        run: Some(run),
    }
}

/// As [`update_one`], of code that says whether it has changed anything.
pub(crate) async fn update_if_changed<G, S, R>(
    state: Result<SingleState<G, S>, Box<LockError>>,
    call_site: CallSite,
    run: impl FnOnce(&mut S) -> R,
) -> R::Output
where
    G: GroupRef,
    S: Clone + Send + Sync + 'static,
    R: UpdateOutcome,
{
    let run = |draft: &mut S| match run(draft) {
        outcome if outcome.commits() => Ok(outcome),
        outcome => Err(NotCommitted::Unchanged(outcome)),
    };
    match update_one(state, call_site, run).await {
        Ok(outcome) | Err(NotCommitted::Unchanged(outcome)) => outcome.done(),
        Err(NotCommitted::Failed(error)) => R::failed(error),
    }
}

/// The future is moved on its way to where it runs, once for each update, so it is small.
struct UpdateFuture<G: GroupRef, S, F, R, E> {
    step: Step<G, S, R, E>,
    call_site: CallSite,
    run: Option<F>,
}

/// What an update does when it is polled next.
enum Step<G, S, R, E> {
    Begin(Result<SingleState<G, S>, Box<LockError>>),
    /// The store was asked for the value.
    Load(SingleState<G, S>, Loading),
    /// It has the lock, and waits for the row in a store that other processes change as well.
    Rows(Box<Granted<G, S>>),
    /// It is in the queue of the lock.
    Wait(SingleState<G, S>, WaiterId),
    /// It has released its lock and waits for the store.
    Store(Box<Committed<R, E>>),
    Done,
}

/// The lock is granted, and the row is not.
struct Granted<G, S> {
    state: SingleState<G, S>,
    held: Held<StateLockRef>,
    rows: BoxFuture<'static, Result<RowLocks, LockError>>,
}

type Loading = Pin<Box<dyn Future<Output = Result<(), LockError>> + Send>>;

struct Committed<R, E> {
    result: Result<R, E>,
    durable: Pin<Box<dyn Future<Output = Result<(), CommitError>> + Send>>,
}

// Nothing in it is ever pinned.
impl<G: GroupRef, S, F, R, E> Unpin for UpdateFuture<G, S, F, R, E> {}

impl<G, S, F, R, E> Future for UpdateFuture<G, S, F, R, E>
where
    G: GroupRef,
    S: Clone + Send + Sync + 'static,
    E: From<UpdateError>,
    F: FnOnce(&mut S) -> Result<R, E>,
{
    type Output = Result<R, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let (state, waiter) = match mem::replace(&mut this.step, Step::Done) {
            Step::Begin(Ok(state)) if state.group.is_loading() => {
                let handle = state.group.handle();
                let loading = async move {
                    let mut policy = WaitPolicy::OF_LOCK;
                    handle.group().wait_until_available(&mut policy).await
                };
                return this.poll_rarely(Step::Load(state, Box::pin(loading)), cx);
            }
            Step::Begin(Ok(state)) => (state, None),
            Step::Wait(state, waiter) => (state, Some(waiter)),
            other => return this.poll_rarely(other, cx),
        };
        let lock = &*state.group.group().lock;
        let request = LockRequest::short(this.call_site);
        let load = |chain: &Chain| state.load(chain);
        let acquisition = match waiter {
            None => lock.acquire_or_enqueue(request, cx.waker(), load),
            Some(id) => lock.poll_wait(id, cx.waker(), load),
        };
        let (held, newest) = match acquisition {
            Ok(Acquisition::Held(newest)) => (Held::new(lock, request), newest),
            Ok(Acquisition::Waits(id)) => {
                this.step = Step::Wait(state, id);
                return Poll::Pending;
            }
            Err(error) => return Poll::Ready(Err(UpdateError::from(error).into())),
        };
        if newest.is_none() && state.is_shared() {
            let lock = StateLockRef::Of(state.group.handle());
            let held = held.owned(lock);
            let mut policy = WaitPolicy::OF_LOCK;
            let rows = lock_rows(slice::from_ref(&state.group), false, &mut policy);
            let granted = Box::new(Granted { state, held, rows });
            return this.poll_rarely(Step::Rows(granted), cx);
        }
        let run = this.run.take().expect("it runs once");
        match state.update_held(held, newest, false, run) {
            (result, None) => Poll::Ready(result),
            (result, Some(pending)) => {
                let durable = Box::pin(pending.durability.wait());
                let committed = Box::new(Committed { result, durable });
                this.poll_rarely(Step::Store(committed), cx)
            }
        }
    }
}

impl<G, S, F, R, E> UpdateFuture<G, S, F, R, E>
where
    G: GroupRef,
    S: Clone + Send + Sync + 'static,
    E: From<UpdateError>,
    F: FnOnce(&mut S) -> Result<R, E>,
{
    #[cold]
    fn poll_rarely(&mut self, step: Step<G, S, R, E>, cx: &mut Context<'_>) -> Poll<Result<R, E>> {
        let mut committed = match step {
            Step::Store(committed) => committed,
            Step::Rows(mut granted) => match granted.rows.as_mut().poll(cx) {
                Poll::Ready(Ok(rows)) => {
                    let Granted { state, held, .. } = *granted;
                    let run = self.run.take().expect("it runs once");
                    let (result, pending) = state.update_held(held, None, true, run);
                    drop(rows);
                    let Some(pending) = pending else {
                        return Poll::Ready(result);
                    };
                    let durable = Box::pin(pending.durability.wait());
                    Box::new(Committed { result, durable })
                }
                Poll::Ready(Err(error)) => {
                    return Poll::Ready(Err(UpdateError::from(error).into()));
                }
                Poll::Pending => {
                    self.step = Step::Rows(granted);
                    return Poll::Pending;
                }
            },
            Step::Load(state, mut loading) => {
                return match loading.as_mut().poll(cx) {
                    Poll::Ready(Ok(())) => {
                        self.step = Step::Begin(Ok(state));
                        Pin::new(self).poll(cx)
                    }
                    Poll::Ready(Err(error)) => Poll::Ready(Err(UpdateError::from(error).into())),
                    Poll::Pending => {
                        self.step = Step::Load(state, loading);
                        Poll::Pending
                    }
                };
            }
            Step::Begin(Err(error)) => return Poll::Ready(Err(UpdateError::from(*error).into())),
            _ => panic!("an update was polled after it was done"),
        };
        match committed.durable.as_mut().poll(cx) {
            Poll::Ready(Ok(())) => Poll::Ready(committed.result),
            Poll::Ready(Err(error)) => Poll::Ready(Err(UpdateError::from(error).into())),
            Poll::Pending => {
                self.step = Step::Store(committed);
                Poll::Pending
            }
        }
    }
}

impl<G: GroupRef, S, F, R, E> Drop for UpdateFuture<G, S, F, R, E> {
    #[inline]
    fn drop(&mut self) {
        if let Step::Wait(state, waiter) = &self.step {
            state.group.group().lock.cancel_wait(*waiter);
        }
    }
}

impl<G: GroupRef, S: Clone + Send + Sync + 'static> SingleState<G, S> {
    /// As [`update_one`], with a thread that waits.
    pub(crate) fn update_blocking<R, E: From<UpdateError>>(
        &self,
        call_site: CallSite,
        run: impl FnOnce(&mut S) -> Result<R, E>,
    ) -> Result<R, E> {
        let lock = &*self.group.group().lock;
        let request = LockRequest::short(call_site);
        let mut policy = WaitPolicy::OF_LOCK;
        if self.group.is_loading() {
            let loaded = block_on(self.group.group().wait_until_available(&mut policy));
            loaded.map_err(UpdateError::from)?;
        }
        let held = blocking::acquire(lock, request, &mut policy);
        let held = held.map_err(UpdateError::from)?;
        let rows = match self.is_shared() {
            true => {
                let rows = lock_rows(slice::from_ref(&self.group), false, &mut policy);
                Some(block_on(rows).map_err(UpdateError::from)?)
            }
            false => None,
        };
        let (result, pending) = self.update_held(held, None, rows.is_some(), run);
        drop(rows);
        if let Some(pending) = pending {
            let durable = pending.durability.wait_blocking();
            durable.map_err(UpdateError::from)?;
        }
        result
    }

    /// Whether other processes change the state as well.
    #[cold]
    fn is_shared(&self) -> bool {
        self.group.group().chain().is_shared()
    }

    /// The newest value, if it can be had as it is and is durable.
    #[inline]
    fn load(&self, chain: &Chain) -> Option<Value> {
        let version = chain.newest_if_simple()?;
        version.values.get(self.index).cloned()
    }

    /// Runs the code and releases the lock. With the result comes what is not durable yet.
    #[inline]
    fn update_held<R, E: From<UpdateError>>(
        &self,
        held: Held<impl LockRef<Value = Chain>>,
        newest: Option<Value>,
        has_rows: bool,
        run: impl FnOnce(&mut S) -> Result<R, E>,
    ) -> (Result<R, E>, Option<Box<PendingCommit>>) {
        let (value, base) = match newest {
            Some(value) => (value, None),
            None => match self.prepare(has_rows) {
                Ok(prepared) => prepared,
                Err(error) => return (Err(UpdateError::from(error).into()), None),
            },
        };
        let mut draft = downcast::<S>(&*value).clone();
        drop(value);
        let result = run(&mut draft);
        let receipt = match result.is_ok() {
            true => {
                let mut value: Value = Arc::new(draft);
                commit_and_release(held, &self.group, base, |values| {
                    mem::swap(&mut values[self.index], &mut value);
                })
            }
            false => {
                drop(held);
                Ok(Receipt::unchanged(base.into_iter().collect()))
            }
        };
        match receipt {
            Ok(Receipt::Durable(_)) => (result, None),
            Ok(Receipt::Pending(pending)) => (result, Some(pending)),
            Err(error) => (Err(UpdateError::from(error).into()), None),
        }
    }

    /// The newest value where it has to be made first, is not durable, or is not available.
    #[cold]
    fn prepare(&self, has_rows: bool) -> Result<(Value, Option<Arc<CommitStatus>>), LockError> {
        self.group.begin_write();
        let group = self.group.group();
        let chain = group.chain();
        let unavailable = match has_rows {
            false => chain.unavailable_to_writer(self.index),
            true => chain.unavailable_to_row_holder(self.index),
        };
        match unavailable {
            None => {
                let value = Arc::clone(&chain.newest().values[self.index]);
                Ok((value, chain.head_status().cloned()))
            }
            Some(unavailable) => {
                drop(chain);
                Err(group.unavailable(unavailable))
            }
        }
    }
}
