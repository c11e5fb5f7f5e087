//! Changing a state where it is, for those too large to copy.
//!
//! Readers and the one who changes exclude each other then: it waits for those who read the last commit, those who come
//! later wait for it, and a panic leaves a value that nobody may see.

use crate::lock::{Deadline, LockError, Place};
use crate::store::lock_group::{Access, Damage, Group, LastCut, Missing, Slot};
use crate::transaction::access_plan::{Borrow, Guarded, How, Plan};
use crate::transaction::active::States;
use smallvec::SmallVec;
use std::mem;
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How often to look whether the readers have gone. They do not tell: most reads are of states that never change in place.
const LOOK: Duration = Duration::from_millis(1);

/// How often a thread looks whether a change is over.
const BLINK: Duration = Duration::from_micros(50);

/// Takes the values that are to be changed out of their places.
pub(crate) async fn take<G: Guarded, L>(
    plan: &Plan<G, L>,
    states: &mut States,
    place: Place,
    deadline: &mut Deadline,
) -> Result<(), LockError> {
    // The values of those that were taken go back if there is trouble with the next.
    let mut out = PutBack {
        plan,
        taken: Vec::new(),
    };
    for (index, group) in plan.groups.iter().enumerate() {
        let group = group.group();
        let borrows: Vec<(&Borrow, &mut Option<Slot>)> = plan
            .borrows
            .iter()
            .zip(&mut states.slots)
            .filter(|(borrow, _)| borrow.group == index && borrow.is_exclusive())
            .collect();
        if borrows.is_empty() {
            continue;
        }
        // What was loaded is a reader, too.
        let mut places = Vec::new();
        for (borrow, slot) in borrows {
            *slot = None;
            places.push(borrow);
        }
        out.taken.push((index, None));
        group.set_access(Access::Wanted);
        let values = loop {
            if let Some(values) = take_unread(group, &places) {
                break values;
            }
            let at = deadline.at();
            if at.is_some_and(|at| at <= Instant::now()) {
                return Err(LockError::TimedOut {
                    lock: group.lock.key().as_str().to_owned(),
                    waited: deadline.wait(),
                    holder: Some((
                        format!("{place}, which waits for a reader of the state,"),
                        deadline.wait(),
                    )),
                });
            }
            sleep(LOOK).await;
        };
        if let Some(last) = out.taken.last_mut() {
            last.1 = Some(values);
        }
    }
    let taken = mem::take(&mut out.taken);
    for (index, values) in taken {
        let mut values = values.into_iter().flatten();
        let exclusive = plan
            .borrows
            .iter()
            .zip(&mut states.slots)
            .filter(|(borrow, _)| borrow.group == index && borrow.is_exclusive());
        for (_, slot) in exclusive {
            *slot = values.next();
        }
    }
    Ok(())
}

/// The values, if nobody reads any of them.
fn take_unread(group: &Group, places: &[&Borrow]) -> Option<Vec<Slot>> {
    let mut cut = group.cut();
    let is_seed = |borrow: &Borrow, slot: &Slot| match &borrow.how {
        How::InPlace(_, Some(seed)) => Arc::ptr_eq(seed, slot),
        _ => false,
    };
    let free = places.iter().all(|borrow| {
        let slot = &mut cut.slots[borrow.slot];
        is_seed(borrow, slot) || Arc::get_mut(slot).is_some()
    });
    if !free {
        return None;
    }
    cut.access = Access::Out;
    let take = |borrow: &&Borrow| mem::replace(&mut cut.slots[borrow.slot], nothing());
    let values: Vec<Slot> = places.iter().map(take).collect();
    drop(cut);
    let values = places.iter().zip(values);
    let own = values.map(|(borrow, value)| match &borrow.how {
        How::InPlace(copy, _) if is_seed(borrow, &value) => copy(&value),
        _ => value,
    });
    Some(own.collect())
}

/// Undoes what was done so far, if the rest cannot be done.
struct PutBack<'p, G: Guarded, L> {
    plan: &'p Plan<G, L>,
    /// The groups that are closed to readers, and their values, once those were taken.
    taken: Vec<(usize, Option<Vec<Slot>>)>,
}

impl<G: Guarded, L> Drop for PutBack<'_, G, L> {
    fn drop(&mut self) {
        for (index, values) in self.taken.drain(..) {
            let group = self.plan.groups[index].group();
            let places = exclusive(self.plan, index);
            for (place, value) in places.zip(values.into_iter().flatten()) {
                group.cut().slots[place] = value;
            }
            group.set_access(Access::Open);
        }
    }
}

/// The places in a group that a call may change.
fn exclusive<G: Guarded, L>(plan: &Plan<G, L>, group: usize) -> impl Iterator<Item = usize> {
    plan.borrows
        .iter()
        .filter(move |borrow| borrow.group == group && borrow.is_exclusive())
        .map(|borrow| borrow.slot)
}

/// The values are in their places again.
pub(crate) fn returned(group: &Group) {
    group.set_access(Access::Open);
}

/// A value has another one in its place.
pub(crate) fn mended(group: &Group, slot: usize) {
    let left = match &group.cut().access {
        Access::Damaged(damage) => {
            let slots = damage.slots.iter().copied().filter(|lost| *lost != slot);
            Damage {
                slots: slots.collect(),
                reason: damage.reason.clone(),
            }
        }
        _ => return,
    };
    group.set_access(match left.slots.is_empty() {
        true => Access::Open,
        false => Access::Damaged(Arc::new(left)),
    });
}

/// A panic came in the middle of a change: what is left is not to be seen by anybody.
pub(crate) fn lost<G: Guarded, L>(plan: &Plan<G, L>, place: Place) {
    for (index, group) in plan.groups.iter().enumerate() {
        let slots: SmallVec<[usize; 1]> = exclusive(plan, index).collect();
        if !slots.is_empty() {
            let reason = format!("a panic came in the middle of a change in place, in {place}");
            let damage = Arc::new(Damage { slots, reason });
            group.group().set_access(Access::Damaged(damage));
        }
    }
}

/// The error for a value that cannot be had although the lock is held.
pub(crate) fn refused(group: &Group, missing: Missing) -> LockError {
    let reason = match missing {
        Missing::ForNow => "it is being changed in place".to_owned(),
        Missing::Damaged(damage) => damage.reason.clone(),
    };
    LockError::Damaged {
        lock: group.lock.key().as_str().to_owned(),
        reason,
    }
}

/// Waits until a value is there again.
pub(crate) async fn wait(group: &Group, deadline: &mut Deadline) -> Result<(), LockError> {
    let returned = group.returned();
    let at = deadline.at();
    loop {
        let told = returned.notified();
        if !matches!(group.cut().access, Access::Wanted | Access::Out) {
            return Ok(());
        }
        match at {
            None => told.await,
            Some(at) => tokio::time::timeout_at(at.into(), told)
                .await
                .map_err(|_| LockError::TimedOut {
                    lock: group.lock.key().as_str().to_owned(),
                    waited: deadline.wait(),
                    holder: group.lock.holder(),
                })?,
        }
    }
}

/// What was last committed, for code that cannot wait for it otherwise than with its thread.
pub(crate) fn look(group: &Group, slot: usize) -> Result<LastCut<'_>, LockError> {
    loop {
        let cut = group.cut();
        match &cut.access {
            // It is there as long as somebody only wants to change it.
            Access::Open | Access::Wanted => return Ok(cut),
            // The function that changes it does not pause, so it takes no longer than that.
            Access::Out => {}
            Access::Damaged(_) => match cut.missing(slot) {
                Some(missing) => return Err(refused(group, missing)),
                None => return Ok(cut),
            },
        }
        drop(cut);
        thread::sleep(BLINK);
    }
}

/// What stands where a value was.
fn nothing() -> Slot {
    static NOTHING: LazyLock<Slot> = LazyLock::new(|| Arc::new(()));
    Arc::clone(&NOTHING)
}
