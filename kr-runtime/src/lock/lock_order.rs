//! In debug builds: a check that locks are always taken in the same order.
//!
//! Two tasks that each hold the lock that the other asks for wait for each other until a deadline. The locks of one call
//! are sorted, so only code that acquires a second lock while it holds one can cause this. The check remembers every such
//! pair. The first request in the opposite order fails at once, with both call sites, before anybody has to wait. (Linux
//! calls this lockdep.)

#[cfg(debug_assertions)]
pub(super) use checked::{HeldEntry, Order, check};
#[cfg(not(debug_assertions))]
pub(super) use unchecked::{HeldEntry, Order, check};

use super::{Key, LockError, LockRequest};

/// A lock with its place in the order.
pub(super) type OrderedLock<'l> = (&'l Order, &'l dyn LockName);

/// The name of a lock, which need not be at hand.
pub(super) trait LockName {
    #[cfg_attr(not(debug_assertions), allow(dead_code))]
    fn key(&self) -> Key;
}

/// As [`check`] for a single lock, if the task that will hold it is known.
#[inline]
pub(super) fn check_one(lock: OrderedLock<'_>, request: LockRequest) -> Result<(), LockError> {
    match request.task {
        Some(_) => check([lock].into_iter(), request.call_site),
        None => Ok(()),
    }
}

#[cfg(debug_assertions)]
mod checked {
    use super::super::{CallSite, Key, LockError, LockRequest, Task};
    use super::OrderedLock;
    use crate::sync::unique_id;
    use std::collections::{BTreeMap, HashMap, HashSet};
    use std::hash::{BuildHasher, RandomState};
    use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

    /// What is known of all locks of the process.
    static GRAPH: LazyLock<Mutex<LockOrderGraph>> = LazyLock::new(Mutex::default);

    /// More pairs than a program writes down; names made of data could be any number.
    const MAX_EDGES: usize = 10_000;

    /// A call with more locks than this has those of instances, whose order among themselves is not remembered: each would
    /// be looked for behind all others.
    const MAX_TOGETHER: usize = 100;

    #[derive(Default)]
    struct LockOrderGraph {
        /// What each task holds, by the numbers of the holds, which are in the order in which they were taken.
        held: HashMap<Task, BTreeMap<u64, HeldLock>>,
        /// Which locks were asked for while one was held.
        edges: HashMap<u64, HashMap<u64, Edge>>,
        edge_count: usize,
    }

    #[derive(Clone)]
    struct HeldLock {
        hold: u64,
        lock: u64,
        key: Key,
        call_site: CallSite,
    }

    impl HeldLock {
        fn new((order, name): OrderedLock<'_>, call_site: CallSite) -> Self {
            Self {
                hold: unique_id(),
                lock: order.0,
                key: name.key(),
                call_site,
            }
        }
    }

    /// Where one lock was held, and the other one asked for.
    #[derive(Clone, Copy)]
    struct Edge {
        outer: CallSite,
        inner: CallSite,
    }

    impl LockOrderGraph {
        /// The first edge of a path from one lock to another, if there is a path.
        fn path(&self, from: u64, to: u64) -> Option<Edge> {
            let mut seen = HashSet::from([from]);
            let mut open: Vec<(u64, Option<Edge>)> = vec![(from, None)];
            while let Some((lock, first)) = open.pop() {
                for (inner, edge) in self.edges.get(&lock).into_iter().flatten() {
                    let first = first.unwrap_or(*edge);
                    if *inner == to {
                        return Some(first);
                    }
                    if seen.insert(*inner) {
                        open.push((*inner, Some(first)));
                    }
                }
            }
            None
        }

        /// Records that a lock is asked for while another one is held.
        fn add_edge(
            &mut self,
            (order, name): OrderedLock<'_>,
            outer: &HeldLock,
            call_site: CallSite,
        ) -> Result<(), LockError> {
            let known = self.edges.get(&outer.lock);
            // What was asked for in this order before contradicts nothing, as no edge is ever added that does.
            if known.is_some_and(|inner| inner.contains_key(&order.0)) {
                return Ok(());
            }
            if let Some(opposite) = self.path(order.0, outer.lock) {
                return Err(LockError::OutOfOrder {
                    lock: name.key().as_str().to_owned(),
                    held: outer.key.as_str().to_owned(),
                    here: Box::new((outer.call_site.to_string(), call_site.to_string())),
                    there: Box::new((opposite.outer.to_string(), opposite.inner.to_string())),
                });
            }
            if self.edge_count >= MAX_EDGES {
                self.edges.clear();
                self.edge_count = 0;
            }
            let edge = Edge {
                outer: outer.call_site,
                inner: call_site,
            };
            let inner = self.edges.entry(outer.lock).or_default();
            self.edge_count += usize::from(inner.insert(order.0, edge).is_none());
            Ok(())
        }
    }

    fn graph() -> MutexGuard<'static, LockOrderGraph> {
        GRAPH.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which lock this is. A name of a registry is the same one however often its lock comes and goes.
    pub(in super::super) struct Order(u64);

    impl Order {
        pub(in super::super) fn of_name(key: impl FnOnce() -> Key, registry: u64) -> Self {
            static HASH: LazyLock<RandomState> = LazyLock::new(RandomState::new);
            Self(HASH.hash_one((registry, key())))
        }
    }

    /// Whether these locks can be taken now, one after the other, without contradicting any order seen before.
    pub(in super::super) fn check<'l>(
        locks: impl ExactSizeIterator<Item = OrderedLock<'l>>,
        call_site: CallSite,
    ) -> Result<(), LockError> {
        let are_few = locks.len() <= MAX_TOGETHER;
        let mut graph = graph();
        let held = graph.held.get(&Task::current());
        let held: Vec<HeldLock> = held
            .into_iter()
            .flat_map(BTreeMap::values)
            .cloned()
            .collect();
        // Those of this call are taken one after the other, and paths are followed: each is behind all that come before it.
        let mut before: Option<HeldLock> = None;
        for lock in locks {
            let outer = held.iter().chain(&before);
            for outer in outer.filter(|outer| outer.lock != lock.0.0) {
                graph.add_edge(lock, outer, call_site)?;
            }
            before = are_few.then(|| HeldLock::new(lock, call_site));
        }
        Ok(())
    }

    /// A held lock in the graph, once the task that holds it is known.
    #[derive(Default)]
    pub(in super::super) struct HeldEntry {
        hold: u64,
        task: Option<Task>,
    }

    impl HeldEntry {
        pub(in super::super) fn new(lock: OrderedLock<'_>, request: LockRequest) -> Self {
            let mut entry = Self {
                hold: 0,
                task: None,
            };
            if let Some(task) = request.task {
                entry.set_task(task, lock, request.call_site);
            }
            entry
        }

        pub(in super::super) fn set_task(
            &mut self,
            task: Task,
            lock: OrderedLock<'_>,
            call_site: CallSite,
        ) {
            let mut graph = graph();
            drop(self.take(&mut graph));
            let held = HeldLock::new(lock, call_site);
            (self.hold, self.task) = (held.hold, Some(task));
            graph.held.entry(task).or_default().insert(held.hold, held);
        }

        fn take(&self, graph: &mut LockOrderGraph) -> Option<HeldLock> {
            let task = self.task?;
            let held = graph.held.get_mut(&task)?;
            let taken = held.remove(&self.hold);
            if held.is_empty() {
                graph.held.remove(&task);
            }
            taken
        }
    }

    impl Drop for HeldEntry {
        fn drop(&mut self) {
            drop(self.take(&mut graph()));
        }
    }
}

#[cfg(not(debug_assertions))]
mod unchecked {
    use super::super::{CallSite, Key, LockError, LockRequest, Task};
    use super::OrderedLock;

    pub(in super::super) struct Order;

    impl Order {
        pub(in super::super) fn of_name(_: impl FnOnce() -> Key, _: u64) -> Self {
            Self
        }
    }

    #[inline]
    pub(in super::super) fn check<'l>(
        _: impl ExactSizeIterator<Item = OrderedLock<'l>>,
        _: CallSite,
    ) -> Result<(), LockError> {
        Ok(())
    }

    #[derive(Default)]
    pub(in super::super) struct HeldEntry;

    impl HeldEntry {
        pub(in super::super) fn new(_: OrderedLock<'_>, _: LockRequest) -> Self {
            Self
        }

        pub(in super::super) fn set_task(&mut self, _: Task, _: OrderedLock<'_>, _: CallSite) {}
    }
}
