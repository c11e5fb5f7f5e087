//! Reading the states of a call without their locks.

use super::access_plan::AccessPlan;
use super::arguments::Arguments;
use crate::lock::{LockError, WaitPolicy};
use crate::store::{Chain, GroupRef, Stamp, Unavailable, refresh};
use smallvec::SmallVec;
use std::time::Duration;

/// The durable revision of each group of a plan.
pub(crate) type Revisions = SmallVec<[Stamp; 1]>;

impl<G: GroupRef, L> AccessPlan<G, L> {
    /// Whether other processes change the states as well.
    pub(crate) fn is_shared(&self) -> bool {
        let first = self.groups.first();
        first.is_some_and(|group| group.group().chain().is_shared())
    }

    /// Loads values without a lock, waiting for a change in place to end, and for a store that other processes change as
    /// well. `stale` says how old the values may be that such a store has had.
    pub(crate) async fn read<T>(
        &self,
        policy: &mut WaitPolicy,
        stale: Option<Duration>,
        load: impl Fn(&Self, Option<&[Stamp]>) -> Result<T, (usize, Unavailable)>,
    ) -> Result<T, LockError> {
        let mut asked: Option<Vec<Stamp>> = None;
        loop {
            match load(self, asked.as_deref()) {
                Ok(loaded) => return Ok(loaded),
                Err((_, Unavailable::Shared)) if asked.is_none() && self.is_fresh(stale) => {
                    asked = Some(self.known_stamps());
                }
                Err((group, Unavailable::Shared)) => {
                    if self.groups[group].group().lock.is_past(policy) {
                        return Err(self.groups[group].group().unavailable(Unavailable::Shared));
                    }
                    asked = Some(refresh(&self.groups, policy).await?);
                }
                Err((group, Unavailable::Temporarily)) => {
                    let group = self.groups[group].group();
                    group.wait_until_available(policy).await?;
                }
                Err((group, damaged)) => {
                    return Err(self.groups[group].group().unavailable(damaged));
                }
            }
        }
    }

    /// Whether a store that other processes change as well was asked for all values within that time.
    #[cold]
    fn is_fresh(&self, stale: Option<Duration>) -> bool {
        let Some(stale) = stale else { return false };
        let mut groups = self.groups.iter();
        groups.all(|group| {
            let asked = group.group().chain().asked_at();
            asked.is_some_and(|asked| asked.elapsed() <= stale)
        })
    }

    /// What a store that other processes change as well has had when it was asked last.
    fn known_stamps(&self) -> Vec<Stamp> {
        let none = Stamp {
            revision: 0,
            epoch: 0,
        };
        let groups = self.groups.iter();
        let known = groups.map(|group| group.group().chain().known_stamp().unwrap_or(none));
        known.collect()
    }

    /// The durable values, without a lock. All of them are from one moment: a commit over several locks is there as a
    /// whole, or not at all.
    ///
    /// `asked` is what a store said of the groups that other processes change as well.
    pub(crate) fn load_durable(
        &self,
        asked: Option<&[Stamp]>,
    ) -> Result<Arguments, (usize, Unavailable)> {
        match asked {
            None => self.load(
                Chain::durable,
                Chain::durable_epoch,
                Chain::unavailable,
                |_| {},
            ),
            Some(asked) => self.load_asked(asked, |_| {}),
        }
    }

    /// As [`load_durable`](Self::load_durable), after the store was asked. If there were commits of several locks since,
    /// the values may not be of one moment, and it has to be asked again.
    #[cold]
    fn load_asked(
        &self,
        asked: &[Stamp],
        mut see: impl FnMut(&Chain),
    ) -> Result<Arguments, (usize, Unavailable)> {
        let mut stamps = asked.iter();
        let mut is_of_one_moment = true;
        let arguments = self.load(
            Chain::durable,
            Chain::durable_epoch,
            Chain::unavailable_as_known,
            |chain| {
                let is_asked = stamps.next().is_some_and(|stamp| chain.is_known_as(*stamp));
                is_of_one_moment &= is_asked;
                see(chain);
            },
        )?;
        match is_of_one_moment || asked.len() == 1 {
            true => Ok(arguments),
            false => Err((0, Unavailable::Shared)),
        }
    }

    /// As [`load_durable`](Self::load_durable), with the revisions that the values belong to.
    pub(crate) fn load_durable_at(
        &self,
        asked: Option<&[Stamp]>,
    ) -> Result<(Arguments, Revisions), (usize, Unavailable)> {
        let mut revisions = Revisions::new();
        let see = |chain: &Chain| revisions.push(durable_stamp(chain));
        let arguments = match asked {
            None => self.load(
                Chain::durable,
                Chain::durable_epoch,
                Chain::unavailable,
                see,
            )?,
            Some(asked) => self.load_asked(asked, see)?,
        };
        Ok((arguments, revisions))
    }

    /// The revisions of the durable values that this process knows.
    pub(crate) fn known_revisions(&self) -> Revisions {
        let groups = self.groups.iter();
        groups
            .map(|group| durable_stamp(&group.group().chain()))
            .collect()
    }

    /// Whether [`load_durable_at`](Self::load_durable_at) would load the values of these revisions.
    pub(crate) fn is_at(&self, revisions: &[Stamp]) -> bool {
        let mut groups = self.groups.iter().zip(revisions).enumerate();
        groups.all(|(number, (group, revision))| {
            let mut accesses = self.accesses_of(number);
            let chain = group.group().chain();
            chain.durable().revision() == revision.revision
                && accesses.all(|access| chain.unavailable(access.index).is_none())
        })
    }

    /// Whether there were commits since these revisions.
    pub(crate) fn is_past(&self, revisions: &[Stamp]) -> bool {
        let mut groups = self.groups.iter().zip(revisions);
        groups.any(|(group, revision)| {
            group.group().chain().durable().revision() != revision.revision
        })
    }
}

/// The revision of the durable values. They are the initial ones until something is committed, whatever revision the next
/// commit gets.
fn durable_stamp(chain: &Chain) -> Stamp {
    let version = chain.durable();
    Stamp {
        revision: match version.is_committed() {
            true => version.revision(),
            false => 0,
        },
        epoch: chain.durable_epoch(),
    }
}
