//! A change of one state, the commonest there is.
//!
//! It is what [`Work`](crate::transaction::active::Work) does for any number of states, with all that one of them does not need left out:
//! the lock and the commit cost little more than those of a bare mutex.

use crate::lock::{
    Asker, DEFAULT_WAIT, Deadline, Held, Lock, LockError, Place, Seen, Ticket, blocking,
};
use crate::state::shared::{SharedState, downcast};
use crate::store::lock_group::{Access, Cut, Slot};
use crate::transaction::access_plan::Guarded;
use crate::transaction::in_place;
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
        one: Some(one),
        place,
        run: Some(run),
        place_in_line: None,
    }
}

/// Futures are copied on their way to where they run, and this one is made for each change, so it is small and has no room
/// for anything but itself.
struct Change<G: Guarded, S, F> {
    one: Option<Result<One<G, S>, Box<LockError>>>,
    place: Place,
    run: Option<F>,
    place_in_line: Option<Ticket>,
}

// Nothing in it is ever pinned.
impl<G: Guarded, S, F> Unpin for Change<G, S, F> {}

impl<G, S, F, R, E> Future for Change<G, S, F>
where
    G: Guarded,
    S: SharedState,
    E: From<LockError>,
    F: FnOnce(&mut S) -> Result<R, E>,
{
    type Output = Result<R, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let one = match this.one.take() {
            Some(Ok(one)) => one,
            Some(Err(error)) => return Poll::Ready(Err((*error).into())),
            None => panic!("a change was polled after it was done"),
        };
        let lock = &*one.group.group().lock;
        let asker = Asker::passing(this.place);
        let look = |cut: &Cut| one.look(cut);
        let seen = match this.place_in_line.take() {
            None => lock.take_or_wait(asker, cx.waker(), DEFAULT_WAIT, look)?,
            Some(ticket) => lock.look_again(ticket, cx.waker(), DEFAULT_WAIT, look)?,
        };
        let held = match seen {
            Seen::Held(seen) => (Held::new(lock, asker), seen),
            Seen::Waits(ticket) => {
                this.place_in_line = Some(ticket);
                this.one = Some(Ok(one));
                return Poll::Pending;
            }
        };
        let run = this.run.take().expect("it runs once");
        Poll::Ready(one.change_held(held.0, held.1, run))
    }
}

impl<G: Guarded, S, F> Drop for Change<G, S, F> {
    fn drop(&mut self) {
        if let (Some(Ok(one)), Some(ticket)) = (&self.one, self.place_in_line) {
            one.group.group().lock.leave(ticket);
        }
    }
}

impl<G: Guarded, S: SharedState> One<G, S> {
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
        let revision = held.release(|cut| {
            self.group.committed();
            cut.publish(|slots| mem::swap(&mut slots[self.slot], &mut slot))
        });
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
