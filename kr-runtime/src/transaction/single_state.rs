//! The fast path for a change of one state by code, the commonest there is.
//!
//! [`Transaction`](super::Transaction) does the same for any number of states. Here the grant and the load are one step
//! under the lock's mutex, and so are the commit and the release: together they cost little more than a bare mutex.

use super::commit_rule::CommitDecision;
use crate::lock::{
    Acquisition, CallSite, Held, LockError, LockRequest, WaitPolicy, WaiterId, blocking,
};
use crate::store::{
    Chain, CommitError, CommitStatus, Durability, GroupRef, StateLock, UpdateError, Value,
    commit_one, downcast,
};
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
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
        state: Some(state),
        call_site,
        run: Some(run),
        waiter: None,
        committed: None,
    }
}

/// The future is moved on its way to where it runs, once for each update, so it is small.
struct UpdateFuture<G: GroupRef, S, F, R, E> {
    state: Option<Result<SingleState<G, S>, Box<LockError>>>,
    call_site: CallSite,
    run: Option<F>,
    waiter: Option<WaiterId>,
    /// Only with a store that does not write at once.
    committed: Option<Box<Committed<R, E>>>,
}

/// An update that has released its lock and waits for the store.
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
        let state = match this.state.take() {
            Some(Ok(state)) => state,
            Some(Err(error)) => return Poll::Ready(Err(UpdateError::from(*error).into())),
            None => return this.poll_durable(cx),
        };
        let lock = &*state.group.group().lock;
        let request = LockRequest::short(this.call_site);
        let load = |chain: &Chain| state.load(chain);
        let acquisition = match this.waiter.take() {
            None => lock.acquire_or_enqueue(request, cx.waker(), &WaitPolicy::DEFAULT, load),
            Some(id) => lock.poll_wait(id, cx.waker(), &WaitPolicy::DEFAULT, load),
        };
        let (held, newest) = match acquisition {
            Ok(Acquisition::Held(newest)) => (Held::new(lock, request), newest),
            Ok(Acquisition::Waits(id)) => {
                this.waiter = Some(id);
                this.state = Some(Ok(state));
                return Poll::Pending;
            }
            Err(error) => return Poll::Ready(Err(UpdateError::from(error).into())),
        };
        let run = this.run.take().expect("it runs once");
        let mut later = None;
        let result = state.update_held(held, newest, run, &mut later);
        match later {
            None => Poll::Ready(result),
            Some(durability) => {
                this.committed = Some(Box::new(Committed {
                    result,
                    durable: Box::pin(durability.wait()),
                }));
                this.poll_durable(cx)
            }
        }
    }
}

impl<G: GroupRef, S, F, R, E: From<UpdateError>> UpdateFuture<G, S, F, R, E> {
    #[cold]
    fn poll_durable(&mut self, cx: &mut Context<'_>) -> Poll<Result<R, E>> {
        let mut committed = self
            .committed
            .take()
            .expect("an update was polled after it was done");
        match committed.durable.as_mut().poll(cx) {
            Poll::Ready(Ok(())) => Poll::Ready(committed.result),
            Poll::Ready(Err(error)) => Poll::Ready(Err(UpdateError::from(error).into())),
            Poll::Pending => {
                self.committed = Some(committed);
                Poll::Pending
            }
        }
    }
}

impl<G: GroupRef, S, F, R, E> Drop for UpdateFuture<G, S, F, R, E> {
    fn drop(&mut self) {
        if let (Some(Ok(state)), Some(waiter)) = (&self.state, self.waiter) {
            state.group.group().lock.cancel_wait(waiter);
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
        let mut policy = WaitPolicy::DEFAULT;
        let held = blocking::acquire(lock, request, &mut policy);
        let held = held.map_err(UpdateError::from)?;
        let mut later = None;
        let result = self.update_held(held, None, run, &mut later);
        if let Some(durability) = later {
            durability.wait_blocking().map_err(UpdateError::from)?;
        }
        result
    }

    /// The newest value, if it can be had as it is and is durable.
    #[inline]
    fn load(&self, chain: &Chain) -> Option<Value> {
        let version = chain.newest_if_simple()?;
        version.values.get(self.index).cloned()
    }

    /// Runs the code and releases the lock. If what it has done or seen is not durable yet, `later` is when that is.
    #[inline]
    fn update_held<R, E: From<UpdateError>>(
        &self,
        held: Held<&StateLock>,
        newest: Option<Value>,
        run: impl FnOnce(&mut S) -> Result<R, E>,
        later: &mut Option<Durability>,
    ) -> Result<R, E> {
        let (value, base) = match newest {
            Some(value) => (value, None),
            None => match self.prepare() {
                Ok(prepared) => prepared,
                Err(error) => return Err(UpdateError::from(error).into()),
            },
        };
        let mut draft = downcast::<S>(&*value).clone();
        drop(value);
        let result = run(&mut draft);
        if !CommitDecision(&result).commits() {
            drop(held);
            *later = base.map(|base| Durability::Seen(std::iter::once(base).collect()));
            return result;
        }
        let mut value: Value = Arc::new(draft);
        let committed = held.release(|chain| {
            commit_one(chain, &self.group, base, |values| {
                mem::swap(&mut values[self.index], &mut value);
            })
        });
        match committed {
            Ok(revision) => {
                self.group.group().announce(revision);
                result
            }
            Err(receipt) => match *receipt {
                Ok(receipt) => {
                    *later = Some(receipt.durability);
                    result
                }
                Err(error) => Err(UpdateError::from(error).into()),
            },
        }
    }

    /// The newest value where it has to be made first, is not durable, or is not available.
    #[cold]
    fn prepare(&self) -> Result<(Value, Option<Arc<CommitStatus>>), LockError> {
        self.group.begin_write();
        let group = self.group.group();
        let chain = group.chain();
        match chain.unavailable_to_writer(self.index) {
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
