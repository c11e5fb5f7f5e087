//! In debug builds: the order in which locks are taken inside each other.
//!
//! Two requests that each hold what the other asks for wait for each other until a deadline. The locks of one call come
//! sorted, so that this can only be made by hand, by asking for a lock while holding another. As soon as that was done in
//! both orders, whenever and by whomever, the second one is told, with the two places, before anybody has to wait.

#[cfg(debug_assertions)]
mod watched {
    use super::super::table::{Table, unique};
    use super::super::{Key, Lock, LockError, Owner, Place};
    use std::collections::{HashMap, HashSet};
    use std::hash::{BuildHasher, RandomState};
    use std::ops::Deref;
    use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError, Weak};

    /// What is known of all locks of the process.
    static WATCH: LazyLock<Mutex<Watch>> = LazyLock::new(Mutex::default);

    /// More than a program has; names made of data could be any number.
    const MOST_PAIRS: usize = 10_000;

    #[derive(Default)]
    struct Watch {
        /// What each holds, in the order of taking.
        held: HashMap<Owner, Vec<Holding>>,
        /// Which locks were asked for while one was held.
        inside: HashMap<u64, HashMap<u64, Pair>>,
        pairs: usize,
    }

    #[derive(Clone)]
    struct Holding {
        hold: u64,
        lock: u64,
        key: Key,
        place: Place,
    }

    impl Holding {
        fn new(lock: &Lock, place: Place) -> Self {
            Self {
                hold: unique(),
                lock: lock.order.0,
                key: lock.key().clone(),
                place,
            }
        }
    }

    /// Where one lock was held, and the other asked for.
    #[derive(Clone, Copy)]
    struct Pair {
        outer: Place,
        inner: Place,
    }

    impl Watch {
        /// The pair with which a way from one lock to another begins, if there is one.
        fn way(&self, from: u64, to: u64) -> Option<Pair> {
            let mut seen = HashSet::from([from]);
            let mut ways: Vec<(u64, Option<Pair>)> = vec![(from, None)];
            while let Some((lock, first)) = ways.pop() {
                for (inner, pair) in self.inside.get(&lock).into_iter().flatten() {
                    let first = first.unwrap_or(*pair);
                    if *inner == to {
                        return Some(first);
                    }
                    if seen.insert(*inner) {
                        ways.push((*inner, Some(first)));
                    }
                }
            }
            None
        }
    }

    impl Watch {
        /// A lock is asked for while another one is held.
        fn ask(&mut self, lock: &Lock, outer: &Holding, place: Place) -> Result<(), LockError> {
            if let Some(pair) = self.way(lock.order.0, outer.lock) {
                return Err(LockError::OutOfOrder {
                    lock: lock.key().as_str().to_owned(),
                    held: outer.key.as_str().to_owned(),
                    here: Box::new((outer.place.to_string(), place.to_string())),
                    there: Box::new((pair.outer.to_string(), pair.inner.to_string())),
                });
            }
            if self.pairs >= MOST_PAIRS {
                self.inside.clear();
                self.pairs = 0;
            }
            let pair = Pair {
                outer: outer.place,
                inner: place,
            };
            let inside = self.inside.entry(outer.lock).or_default();
            self.pairs += usize::from(inside.insert(lock.order.0, pair).is_none());
            Ok(())
        }
    }

    fn watch() -> MutexGuard<'static, Watch> {
        WATCH.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which lock this is: a name of a registry is the same one however often its lock comes and goes.
    pub(in super::super) struct Order(u64);

    impl Order {
        pub(in super::super) fn new(key: &Key, table: &Weak<Table>) -> Self {
            static HASH: LazyLock<RandomState> = LazyLock::new(RandomState::new);
            match table.upgrade() {
                Some(table) => Self(HASH.hash_one((table.id, key))),
                None => Self(HASH.hash_one(unique())),
            }
        }
    }

    /// Asking for these locks now, one after the other, is in order with all that was seen before.
    pub(in super::super) fn check<L: Deref<Target = Lock>>(
        locks: &[L],
        place: Place,
    ) -> Result<(), LockError> {
        let mut watch = watch();
        let held = watch.held.get(&Owner::current());
        let mut outer: Vec<Holding> = held.cloned().unwrap_or_default();
        for lock in locks {
            for holding in outer.iter().filter(|holding| holding.lock != lock.order.0) {
                watch.ask(lock, holding, place)?;
            }
            outer.push(Holding::new(lock, place));
        }
        Ok(())
    }

    /// A hold of a lock, known from when it is known whose it is.
    pub(in super::super) struct Entry {
        hold: u64,
        owner: Option<Owner>,
    }

    impl Entry {
        pub(in super::super) fn new(lock: &Lock, place: Place, owner: Option<Owner>) -> Self {
            let mut entry = Self {
                hold: 0,
                owner: None,
            };
            if let Some(owner) = owner {
                entry.owned_by(owner, lock, place);
            }
            entry
        }

        pub(in super::super) fn owned_by(&mut self, owner: Owner, lock: &Lock, place: Place) {
            let mut watch = watch();
            drop(self.take(&mut watch));
            let holding = Holding::new(lock, place);
            (self.hold, self.owner) = (holding.hold, Some(owner));
            watch.held.entry(owner).or_default().push(holding);
        }

        fn take(&self, watch: &mut Watch) -> Option<Holding> {
            let owner = self.owner?;
            let held = watch.held.get_mut(&owner)?;
            let at = held.iter().position(|holding| holding.hold == self.hold)?;
            let holding = held.remove(at);
            if held.is_empty() {
                watch.held.remove(&owner);
            }
            Some(holding)
        }
    }

    impl Drop for Entry {
        fn drop(&mut self) {
            drop(self.take(&mut watch()));
        }
    }
}

#[cfg(not(debug_assertions))]
mod unwatched {
    use super::super::table::Table;
    use super::super::{Key, Lock, LockError, Owner, Place};
    use std::ops::Deref;
    use std::sync::Weak;

    pub(in super::super) struct Order;

    impl Order {
        pub(in super::super) fn new(_: &Key, _: &Weak<Table>) -> Self {
            Self
        }
    }

    pub(in super::super) fn check<L: Deref<Target = Lock>>(
        _: &[L],
        _: Place,
    ) -> Result<(), LockError> {
        Ok(())
    }

    pub(in super::super) struct Entry;

    impl Entry {
        pub(in super::super) fn new(_: &Lock, _: Place, _: Option<Owner>) -> Self {
            Self
        }

        pub(in super::super) fn owned_by(&mut self, _: Owner, _: &Lock, _: Place) {}
    }
}

/// As [`check`] for a single lock, if it is known who will hold it.
pub(super) fn check_one(lock: &super::Lock, asker: super::Asker) -> Result<(), super::LockError> {
    match asker.owner {
        Some(_) => check(&[lock], asker.place),
        None => Ok(()),
    }
}

#[cfg(not(debug_assertions))]
pub(super) use unwatched::{Entry, Order, check};
#[cfg(debug_assertions)]
pub(super) use watched::{Entry, Order, check};
