//! A call that has its locks: its changes are its own until they are committed as a whole, or dropped.

use super::access_plan::{Access, AccessMode, AccessPlan};
use super::arguments::Arguments;
use super::in_place;
use super::optional::{self, Fate};
use crate::lock::{
    CallSite, Guards, Held, LockError, LockRef, LockRequest, Task, WaitPolicy, acquire_all,
    blocking,
};
use crate::store::{
    Bases, Chain, CommitError, GroupRef, KeptResponse, Receipt, Repairs, RowLocks, Stamp,
    Unavailable, Values, commit, commit_and_release, commit_response, lock_rows,
};
use crate::sync::block_on::block_on;
use std::mem;
use std::ops::Deref;
use std::time::Duration;

/// A call that has its locks. Dropping it rolls it back and releases them.
pub(crate) struct Transaction<P, G: GroupRef, L: LockRef>
where
    P: Deref<Target = AccessPlan<G, L>>,
{
    guards: Guards<L>,
    pub(crate) arguments: Arguments,
    plan: P,
    /// The commits, not durable yet, whose values the call has seen.
    bases: Bases,
    call_site: CallSite,
    /// Values have been taken out, to be changed in place.
    is_checked_out: bool,
    /// What holds the rows of the states in a store that other processes change as well.
    rows: Option<RowLocks>,
}

/// Which task does the work under the locks.
#[derive(Clone, Copy)]
pub(crate) enum RunIn {
    /// The task that takes the locks, without an `await`.
    CurrentTask,
    /// A task of its own, which then says so with [`Transaction::set_task`].
    SpawnedTask,
}

impl<P, G: GroupRef, L: LockRef<Value = Chain>> Transaction<P, G, L>
where
    P: Deref<Target = AccessPlan<G, L>>,
{
    /// Takes the locks, loads the newest values and makes the drafts.
    pub(crate) async fn begin(
        plan: P,
        call_site: CallSite,
        run_in: RunIn,
        policy: &mut WaitPolicy,
    ) -> Result<Self, LockError> {
        let request = request(&plan, call_site, run_in);
        // What the store has is loaded first: whoever waits for it holds nothing.
        for group in plan.groups.iter().filter(|group| group.is_loading()) {
            group.group().wait_until_available(policy).await?;
        }
        let guards = acquire_all(&plan.locks, request, policy).await?;
        let is_in_place = |access: &Access| matches!(access.mode, AccessMode::InPlace(..));
        if plan.accesses.iter().any(is_in_place) {
            let transaction = Self::granted(plan, guards, run_in, request);
            return Box::pin(transaction.begin_in_place(policy)).await;
        }
        // What waits is in a box: the future of a call that does not is moved on its way to where it runs.
        match Self::load(plan, guards, run_in, request)? {
            Ok(transaction) => Ok(transaction),
            Err(transaction) => Box::pin(transaction.begin_with_rows(run_in, policy)).await,
        }
    }

    /// Locks the rows in the store, and loads what it has.
    async fn begin_with_rows(
        mut self: Box<Self>,
        run_in: RunIn,
        policy: &mut WaitPolicy,
    ) -> Result<Self, LockError> {
        let is_alone = matches!(run_in, RunIn::SpawnedTask);
        self.rows = Some(lock_rows(&self.plan.groups, is_alone, policy).await?);
        self.load_newest()?;
        Ok(*self)
    }

    /// Takes the values out that are to be changed in place, once they are durable and nobody reads them.
    async fn begin_in_place(mut self, policy: &mut WaitPolicy) -> Result<Self, LockError> {
        if self.plan.is_shared() {
            // What it waits for must not be in the batch that it holds up.
            self.rows = Some(lock_rows(&self.plan.groups, true, policy).await?);
        } else {
            in_place::wait_until_durable(&self.plan, policy).await?;
        }
        self.load_newest()?;
        in_place::check_out(&self.plan, &mut self.arguments, self.call_site, policy).await?;
        self.is_checked_out = true;
        Ok(self)
    }

    /// As [`begin`](Self::begin), with a thread that waits; nothing is changed in place.
    pub(crate) fn begin_blocking(
        plan: P,
        call_site: CallSite,
        policy: &mut WaitPolicy,
    ) -> Result<Self, LockError> {
        let request = request(&plan, call_site, RunIn::CurrentTask);
        for group in plan.groups.iter().filter(|group| group.is_loading()) {
            block_on(group.group().wait_until_available(policy))?;
        }
        let guards = blocking::acquire_all(&plan.locks, request, policy)?;
        match Self::load(plan, guards, RunIn::CurrentTask, request)? {
            Ok(transaction) => Ok(transaction),
            Err(mut transaction) => {
                let rows = lock_rows(&transaction.plan.groups, false, policy);
                transaction.rows = Some(block_on(rows)?);
                transaction.load_newest()?;
                Ok(*transaction)
            }
        }
    }

    /// The locks were granted, and the newest values are loaded; an error if the store has to be asked for them first.
    #[inline]
    fn load(
        plan: P,
        guards: Guards<L>,
        run_in: RunIn,
        request: LockRequest,
    ) -> Result<Result<Self, Box<Self>>, LockError> {
        let mut transaction = Self::granted(plan, guards, run_in, request);
        Ok(match transaction.load_newest()? {
            true => Ok(transaction),
            false => Err(Box::new(transaction)),
        })
    }

    /// The locks were granted.
    #[inline]
    fn granted(plan: P, guards: Guards<L>, run_in: RunIn, request: LockRequest) -> Self {
        let mut transaction = Self {
            guards,
            arguments: Arguments::default(),
            plan,
            bases: Bases::new(),
            call_site: request.call_site,
            is_checked_out: false,
            rows: None,
        };
        if matches!(run_in, RunIn::CurrentTask) && request.task.is_none() {
            transaction.set_task();
        }
        transaction
    }

    /// Loads the newest values and makes the drafts. `false` if the store has to be asked for them first.
    #[inline]
    fn load_newest(&mut self) -> Result<bool, LockError> {
        let plan = &self.plan;
        plan.groups.iter().for_each(GroupRef::begin_write);
        let has_rows = self.rows.is_some();
        match plan.load_newest(has_rows) {
            Ok(loaded) => (self.arguments, self.bases) = loaded,
            Err((_, Unavailable::Shared)) if !has_rows => return Ok(false),
            Err((group, unavailable)) => {
                return Err(plan.groups[group].group().unavailable(unavailable));
            }
        }
        // Drafts are made after the chains' mutexes are unlocked: copying takes a while, and readers need them.
        let values = &mut self.arguments.values;
        for (access, value) in plan.accesses.iter().zip(values) {
            match (&access.mode, &mut *value) {
                (AccessMode::Draft(copy), Some(value)) => *value = copy(value),
                (AccessMode::OptionalDraft(optional), _) => {
                    *value = Some((optional.open)(value.as_ref()));
                }
                _ => {}
            }
        }
        Ok(true)
    }

    /// Says that the current task runs what the locks were taken for.
    pub(crate) fn set_task(&mut self) {
        self.guards.iter_mut().for_each(Held::set_task);
    }

    /// How long the first of the locks has been held.
    pub(crate) fn hold_time(&self) -> Option<Duration> {
        self.guards.first().map(Held::hold_time)
    }

    /// Commits or rolls back, and releases the locks.
    ///
    /// Drafts and replaced values are dropped with the transaction, after the release: freeing a large value takes a while,
    /// and no waiter needs to wait for that.
    pub(crate) fn finish(&mut self, commits: bool) -> Result<Receipt, CommitError> {
        let receipt = match commits || self.is_checked_out {
            true => match self.take_single() {
                Some(held) => {
                    let receipt = self.commit_single(held);
                    self.rows = None;
                    return receipt;
                }
                None => self.commit(None),
            },
            false => Ok(self.unchanged()),
        };
        self.guards.clear();
        self.rows = None;
        receipt
    }

    /// Commits with a response that is kept, or keeps the response alone, and releases the locks.
    pub(crate) fn finish_keeping(
        &mut self,
        commits: bool,
        response: KeptResponse,
    ) -> Result<Receipt, CommitError> {
        let receipt = match commits {
            true => self.commit(Some(response)),
            false => self.keep(response),
        };
        self.guards.clear();
        self.rows = None;
        receipt
    }

    /// Commits the response of a call that changes nothing.
    fn keep(&mut self, response: KeptResponse) -> Result<Receipt, CommitError> {
        let group = self.plan.groups[0].group();
        commit_response(group, mem::take(&mut self.bases), response)
    }

    /// The lock of a call that does nothing but change drafts of the states of one lock.
    fn take_single(&mut self) -> Option<Held<L>> {
        let is_draft = |access: &Access| matches!(access.mode, AccessMode::Draft(_));
        let is_single = self.guards.len() == 1
            && self.plan.groups.len() == 1
            && self.plan.accesses.iter().any(is_draft)
            && !self.plan.accesses.iter().any(Access::needs_repair);
        is_single.then(|| self.guards.pop())?
    }

    /// Commits the drafts of one lock and releases it in the same step.
    fn commit_single(&mut self, held: Held<L>) -> Result<Receipt, CommitError> {
        let plan = &*self.plan;
        let values = &mut self.arguments.values;
        commit_and_release(held, &plan.groups[0], self.bases.pop(), |committed| {
            for (access, draft) in plan.accesses.iter().zip(values.iter_mut()) {
                if let (AccessMode::Draft(_), Some(draft)) = (&access.mode, draft) {
                    mem::swap(&mut committed[access.index], draft);
                }
            }
        })
    }

    /// Puts back what was taken to be changed in place, for a call that ends before it begins.
    pub(crate) fn put_back(&mut self) {
        if self.is_checked_out {
            in_place::put_back(&self.plan, &mut self.arguments);
            self.is_checked_out = false;
        }
    }

    /// Whether a commit would remove an instance.
    pub(crate) fn removes(&self) -> bool {
        let mut drafts = self.plan.accesses.iter().zip(&self.arguments.values);
        drafts.any(|(access, draft)| match (&access.mode, draft) {
            (AccessMode::OptionalDraft(optional), Some(draft)) => !(optional.is_there)(draft),
            _ => false,
        })
    }

    /// The revision that a commit of the states of the only lock makes.
    pub(crate) fn next_revision(&self) -> Option<Stamp> {
        let group = self.plan.groups.first()?;
        let chain = group.group().chain();
        Some(Stamp {
            revision: chain.next_revision(),
            epoch: chain.next_epoch(),
        })
    }

    /// Whether `finish` can still roll back: what was changed in place stays changed.
    pub(crate) fn can_roll_back(&self) -> bool {
        !self.is_checked_out
    }

    fn unchanged(&mut self) -> Receipt {
        Receipt::unchanged(mem::take(&mut self.bases))
    }

    fn commit(&mut self, response: Option<KeptResponse>) -> Result<Receipt, CommitError> {
        if !self.plan.accesses.iter().any(Access::is_exclusive) {
            return Ok(self.unchanged());
        }
        let plan = &*self.plan;
        let fates = optional::close(plan, &mut self.arguments.values);
        let changes = |group: usize| match fates.iter().find(|(of_group, _)| *of_group == group) {
            Some((_, fate)) => *fate != Fate::StaysAbsent,
            None => plan.accesses_of(group).any(Access::is_exclusive),
        };
        let removes = |group: usize| fates.contains(&(group, Fate::IsRemoved));
        let groups = plan.groups.iter().enumerate();
        let groups = groups.filter(|(number, _)| changes(*number));
        if groups.clone().next().is_none() {
            return match response {
                Some(response) => self.keep(response),
                None => Ok(self.unchanged()),
            };
        }
        let values = &mut self.arguments.values;
        let bases = mem::take(&mut self.bases);
        // Freed with the drafts, when nobody waits any more.
        let mut removed = Vec::new();
        let change = |group: usize, committed: &mut Values| {
            if removes(group) {
                removed.push(mem::take(committed));
                return;
            }
            let some = plan.may_be_of(group);
            let accesses = plan.accesses[some.clone()].iter();
            for (access, draft) in accesses.zip(&mut values[some]) {
                if access.group != group || !access.is_exclusive() {
                    continue;
                }
                match draft {
                    _ if matches!(access.mode, AccessMode::Remove) => {
                        removed.push(mem::take(committed));
                    }
                    Some(draft) => mem::swap(&mut committed[access.index], draft),
                    None => {}
                }
            }
        };
        let repairs = |group: usize| {
            let mut repairs = Repairs {
                is_removal: removes(group),
                ..Repairs::default()
            };
            for access in plan.accesses_of(group) {
                match access.mode {
                    AccessMode::InPlace(..) => repairs.in_place.push(access.index),
                    AccessMode::Replace => repairs.replaced.push(access.index),
                    AccessMode::Remove => repairs.is_removal = true,
                    _ => {}
                }
            }
            repairs
        };
        let receipt = commit(groups, bases, change, repairs, response)?;
        self.is_checked_out = false;
        Ok(receipt)
    }
}

/// With several locks, the task may run other work between two acquisitions, so the task is set only once all are held.
fn request<G, L>(plan: &AccessPlan<G, L>, call_site: CallSite, run_in: RunIn) -> LockRequest {
    let is_at_once = matches!(run_in, RunIn::CurrentTask) && plan.locks.len() == 1;
    LockRequest {
        call_site,
        task: is_at_once.then(Task::current),
        is_long: matches!(
            (run_in, call_site),
            (RunIn::SpawnedTask, _) | (_, CallSite::Route(_))
        ),
    }
}

impl<P, G: GroupRef, L: LockRef> Drop for Transaction<P, G, L>
where
    P: Deref<Target = AccessPlan<G, L>>,
{
    fn drop(&mut self) {
        if self.is_checked_out {
            in_place::mark_damaged(&self.plan, self.call_site);
        }
    }
}
