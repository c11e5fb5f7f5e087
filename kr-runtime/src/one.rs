//! A change of one state, the commonest there is.
//!
//! It is what [`Work`](crate::draft::Work) does for any number of states, with all that one of them does not need left out:
//! the lock and the commit cost little more than those of a bare mutex.

use crate::group::{Access, Cut, Slot};
use crate::in_place;
use crate::locks::{
    Asker, DEFAULT_WAIT, Deadline, Held, Lock, LockError, Place, acquire, blocking,
};
use crate::plan::Guarded;
use crate::shared::{SharedState, downcast};
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// A state to change, and where it is.
pub(crate) struct One<G, S> {
    pub(crate) group: G,
    pub(crate) slot: usize,
    pub(crate) state: PhantomData<fn() -> S>,
}

/// Runs code on a draft of a state under its lock, and commits it unless it fails.
///
/// Futures are copied on their way to where they run, so this one is small: it makes room for waiting, which needs a
/// timer, when the lock turns out to be taken.
pub(crate) fn change<G, S, R, E, F>(
    one: Result<One<G, S>, Box<LockError>>,
    place: Place,
    run: F,
) -> impl Future<Output = Result<R, E>> + use<G, S, R, E, F>
where
    G: Guarded,
    S: SharedState,
    E: From<LockError>,
    F: FnOnce(&mut S) -> Result<R, E>,
{
    Change {
        start: Some((one, place, run)),
        wait: None,
        later: |one, place, run| async move { one.when_free(place, run).await },
    }
}

struct Change<G, S, F, W> {
    start: Option<(Result<One<G, S>, Box<LockError>>, Place, F)>,
    wait: Option<Pin<Box<W>>>,
    later: fn(One<G, S>, Place, F) -> W,
}

// What waits is pinned in a box; nothing else is ever pinned.
impl<G, S, F, W> Unpin for Change<G, S, F, W> {}

impl<G, S, F, W, R, E> Future for Change<G, S, F, W>
where
    G: Guarded,
    S: SharedState,
    E: From<LockError>,
    F: FnOnce(&mut S) -> Result<R, E>,
    W: Future<Output = Result<R, E>>,
{
    type Output = Result<R, E>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some((one, place, run)) = self.start.take() {
            let one = one.map_err(|error| *error)?;
            let asker = Asker::passing(place);
            let lock = &*one.group.group().lock;
            if let Some(seen) = lock.take(asker, |cut| one.look(cut))? {
                return Poll::Ready(one.change_held(Held::new(lock, asker), seen, run));
            }
            self.wait = Some(Box::pin((self.later)(one, place, run)));
        }
        match &mut self.wait {
            Some(wait) => wait.as_mut().poll(cx),
            None => panic!("a change was polled after it was done"),
        }
    }
}

impl<G: Guarded, S: SharedState> One<G, S> {
    async fn when_free<R, E: From<LockError>>(
        &self,
        place: Place,
        run: impl FnOnce(&mut S) -> Result<R, E>,
    ) -> Result<R, E> {
        let lock = &*self.group.group().lock;
        let mut deadline = Deadline::within(DEFAULT_WAIT);
        let held = acquire(lock, Asker::passing(place), &mut deadline).await?;
        self.change_held(held, None, run)
    }

    /// As [`change`], with a thread that waits.
    pub(crate) fn change_blocking<R, E: From<LockError>>(
        &self,
        place: Place,
        run: impl FnOnce(&mut S) -> Result<R, E>,
    ) -> Result<R, E> {
        let lock = &*self.group.group().lock;
        let mut deadline = Deadline::within(DEFAULT_WAIT);
        let held = blocking::acquire(lock, Asker::passing(place), &mut deadline)?;
        self.change_held(held, None, run)
    }

    /// The committed value, if it can be had just so.
    fn look(&self, cut: &Cut) -> Option<Slot> {
        match cut.access {
            Access::Open => cut.slots.get(self.slot).cloned(),
            _ => None,
        }
    }

    fn change_held<R, E: From<LockError>>(
        &self,
        held: Held<&Lock>,
        seen: Option<Slot>,
        run: impl FnOnce(&mut S) -> Result<R, E>,
    ) -> Result<R, E> {
        let group = self.group.group();
        let committed = match seen {
            Some(committed) => committed,
            None => self.prepared()?,
        };
        let mut draft = downcast::<S>(&*committed).clone();
        drop(committed);
        let result = run(&mut draft)?;
        let mut slot: Slot = Arc::new(draft);
        self.group.committed();
        let revision =
            held.release(|cut| cut.publish(|slots| mem::swap(&mut slots[self.slot], &mut slot)));
        group.announce(revision);
        Ok(result)
    }

    /// The committed value where it has to be made first, or is not there.
    fn prepared(&self) -> Result<Slot, LockError> {
        self.group.prepare();
        let cut = self.group.group().cut();
        match cut.missing(self.slot) {
            None => Ok(Arc::clone(&cut.slots[self.slot])),
            Some(missing) => {
                drop(cut);
                Err(in_place::refused(self.group.group(), missing))
            }
        }
    }
}
