//! Changing a state in place, for those too large to copy.
//!
//! Readers and the change exclude each other: the change waits for those that read the committed value, later readers wait
//! for the change, and a panic leaves a value that nobody may see.

use super::access_plan::{AccessMode, AccessPlan};
use super::arguments::Arguments;
use crate::lock::{CallSite, LockError, WaitPolicy};
use crate::store::{Availability, Damage, GroupRef, LockGroup, Value, placeholder};
use smallvec::SmallVec;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::time::{sleep, timeout_at};

/// How often to check whether the readers have gone. They do not tell: most reads are of states that never change in place.
const READERS_POLL_INTERVAL: Duration = Duration::from_millis(1);

/// Waits until the values that are to be changed are durable: until then, the store needs them as they are.
pub(super) async fn wait_until_durable<G: GroupRef, L>(
    plan: &AccessPlan<G, L>,
    policy: &mut WaitPolicy,
) -> Result<(), LockError> {
    for group in &plan.groups {
        let group = group.group();
        let head = group.chain().head_status().cloned();
        let Some(head) = head else { continue };
        let deadline = group.lock.deadline(policy);
        // Whether that commit was kept does not matter: what counts is what is there afterwards.
        let ended = match deadline {
            None => head.wait().await,
            Some(deadline) => timeout_at(deadline.into(), head.wait())
                .await
                .map_err(|_| {
                    timed_out(
                        group,
                        "the store, which has not written an earlier change yet,",
                        policy,
                    )
                })?,
        };
        drop(ended);
    }
    Ok(())
}

/// Takes the values that are to be changed out of their groups.
pub(super) async fn check_out<G: GroupRef, L>(
    plan: &AccessPlan<G, L>,
    arguments: &mut Arguments,
    call_site: CallSite,
    policy: &mut WaitPolicy,
) -> Result<(), LockError> {
    // The values that were taken go back if the next group fails.
    let mut taken = RestoreOnDrop {
        plan,
        groups: Vec::new(),
    };
    for (number, group) in plan.groups.iter().enumerate() {
        let indices = exclusive(plan, number);
        if indices.is_empty() {
            continue;
        }
        // The loaded values are readers as well.
        let loaded = plan.accesses.iter().zip(&mut arguments.values);
        for (_, value) in
            loaded.filter(|(access, _)| access.group == number && access.is_exclusive())
        {
            *value = None;
        }
        let group = group.group();
        taken.groups.push((number, Vec::new()));
        group.set_availability(Availability::WaitingForReaders);
        let values = loop {
            let is_initial = |at, value: &Value| {
                let initial = initial(plan, number, at);
                initial.is_some_and(|(_, initial)| Arc::ptr_eq(initial, value))
            };
            if let Some(values) = group.check_out(&indices, is_initial, placeholder) {
                break values;
            }
            let deadline = group.lock.deadline(policy);
            if deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                let holder = format!("{call_site}, which waits for a reader of the state,");
                return Err(timed_out(group, &holder, policy));
            }
            sleep(READERS_POLL_INTERVAL).await;
        };
        if let Some((_, kept)) = taken.groups.last_mut() {
            *kept = values;
        }
    }
    for (number, values) in std::mem::take(&mut taken.groups) {
        let own = values.into_iter().enumerate().map(|(at, value)| {
            match initial(plan, number, at) {
                // A reset needs the initial value, so it is not changed itself.
                Some((copy, initial)) if Arc::ptr_eq(initial, &value) => copy(&value),
                _ => value,
            }
        });
        let arguments = plan.accesses.iter().zip(&mut arguments.values);
        let exclusive =
            arguments.filter(|(access, _)| access.group == number && access.is_exclusive());
        for ((_, argument), value) in exclusive.zip(own) {
            *argument = Some(value);
        }
    }
    Ok(())
}

fn timed_out(group: &LockGroup, holder: &str, policy: &WaitPolicy) -> LockError {
    LockError::TimedOut {
        lock: group.lock.key().as_str().to_owned(),
        waited: policy.timeout(),
        holder: Some((holder.to_owned(), policy.timeout())),
    }
}

/// The indices in a group that a call may change.
fn exclusive<G: GroupRef, L>(plan: &AccessPlan<G, L>, group: usize) -> SmallVec<[usize; 1]> {
    let accesses = plan.accesses_of(group);
    let exclusive = accesses.filter(|access| access.is_exclusive());
    exclusive.map(|access| access.index).collect()
}

/// An initial value, and how to copy it.
type InitialValue<'p> = (fn(&Value) -> Value, &'p Value);

/// The initial value of the state that is the exclusive argument of that number.
fn initial<G: GroupRef, L>(
    plan: &AccessPlan<G, L>,
    group: usize,
    at: usize,
) -> Option<InitialValue<'_>> {
    let mut exclusive = plan
        .accesses_of(group)
        .filter(|access| access.is_exclusive());
    match &exclusive.nth(at)?.mode {
        AccessMode::InPlace(copy, Some(initial)) => Some((*copy, initial)),
        _ => None,
    }
}

/// Puts values back if the call cannot have all of them.
struct RestoreOnDrop<'p, G: GroupRef, L> {
    plan: &'p AccessPlan<G, L>,
    /// The groups that are closed to readers, and their values, once those were taken.
    groups: Vec<(usize, Vec<Value>)>,
}

impl<G: GroupRef, L> Drop for RestoreOnDrop<'_, G, L> {
    fn drop(&mut self) {
        for (number, values) in self.groups.drain(..) {
            let group = self.plan.groups[number].group();
            let indices = exclusive(self.plan, number);
            group.put_back(indices.into_iter().zip(values));
        }
    }
}

/// Puts all values back that were checked out, if nothing has been done to them.
pub(super) fn put_back<G: GroupRef, L>(plan: &AccessPlan<G, L>, arguments: &mut Arguments) {
    for (number, group) in plan.groups.iter().enumerate() {
        let states = plan.accesses.iter().zip(&mut arguments.values);
        let states = states.filter(|(access, _)| access.group == number && access.is_exclusive());
        let mut states = states
            .filter_map(|(access, value)| Some((access.index, value.take()?)))
            .peekable();
        if states.peek().is_some() {
            group.group().put_back(states);
        }
    }
}

/// A change in place was interrupted: what is left is not to be seen by anybody.
pub(super) fn mark_damaged<G: GroupRef, L>(plan: &AccessPlan<G, L>, call_site: CallSite) {
    let cause = match thread::panicking() {
        true => "a panic interrupted a change in place",
        false => "a change in place was not committed",
    };
    for (number, group) in plan.groups.iter().enumerate() {
        let states = exclusive(plan, number);
        if !states.is_empty() {
            let reason = format!("{cause}, in {call_site}");
            let damage = Arc::new(Damage { states, reason });
            group
                .group()
                .set_availability(Availability::Damaged(damage));
        }
    }
}
