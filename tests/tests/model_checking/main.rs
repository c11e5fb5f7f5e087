//! The lock engine under a model checker.
//!
//! The sources of the lock engine are compiled here once more, as they are, against the primitives in [`sync`]: a mutex that
//! yields to shuttle before each critical section, and timers that fire when a model says so. So are the two sources of the
//! store that hand locks out: the public registry, and the map of keyed instances. Nothing stands in for the engine's own
//! queue, hand-over and wake-ups. shuttle runs each model again and again, each time under another schedule.
//!
//! The locks guard nothing here: what a lock guards is a type parameter, and the engine compiles without the store.
//!
//! # What is covered
//!
//! | model | tasks | schedules |
//! |---|---|---|
//! | [`registry`]: create, hold, hand over, remove | 2 | every one (13 545) |
//! | the same, and create again | 2 and 3 | a seeded sample |
//! | [`registry`]: a guard dropped by another task | 2 | every one (2 385) |
//! | [`registry`]: two locks acquired together; three in a ring | 2; 3 | a seeded sample |
//! | [`waiting`]: a wait is cancelled at any moment of it and of the hand-over | 2 and the event | every one (6 457) |
//! | [`waiting`]: a wait ends at its deadline at any such moment | 2 and the event | every one (12 328) |
//! | the same two with a third task that waits behind | 3 and the event | a seeded sample |
//! | [`waiting`]: a timer is replaced before it is set | 3 | a seeded sample |
//! | [`waiting`]: a blocking thread and a task | 2 | every one (4 339) |
//! | [`waiting`]: a blocking wait ends at its deadline | 2 and the event | every one (14 598) |
//! | [`waiting`]: FIFO order | 2 | every one (1 080) |
//! | [`waiting`]: re-entry is an error | 2 | every one (13 446) |
//! | [`waiting`]: no wait is mistaken for re-entry | 2 | a seeded sample |
//! | [`waiting`]: a granted waiter does not count against the limit on waiters | 2 | every one (1 452) |
//! | [`waiting`]: the limit on waiters, with two requests | 3 | a seeded sample: there are 1 235 703 |
//! | [`updates`]: an update is cancelled; ends at its deadline | 2 and the event | every one (8 825; 24 325) |
//! | the same with two of them; with two and a lock that is not released | 3 and the event; 2 and the event | a seeded sample |
//! | [`updates`]: two updates | 2 | every one (14 320) |
//! | [`keyed_instances`]: get or create, hold, release, remove | 2 | every one (10 160) |
//! | the same, and create again | 2; 3 | every one (104 168); a seeded sample |
//! | [`keyed_instances`]: a wait is cancelled; ends at its deadline | 2 and the event | every one (97 452; 204 316) |
//! | [`keyed_instances`]: an instance is committed by one task and removed by another | 2 | every one (6 999) |
//!
//! Each model asserts that no lock is held twice, that every task ends (shuttle reports a deadlock or a lost wake-up), that
//! the queues are empty at the end, and that no entry and no instance is left.
//!
//! `--nocapture` prints the numbers. Those above are of a build that checks the order of locks. `KR_MODEL=<runs>` sets the
//! size of the samples, 20 000 by default. A failure prints its schedule, which `shuttle::replay` runs again.
//!
//! A blocking thread waits in the same queue as a task, and joins it, is granted the lock and leaves it in the same way. It
//! differs in one thing: it parks where a task returns, and its waker unparks it. Here shuttle parks it.
//!
//! # What is not
//!
//! - The thread that fires the timers, and how it sleeps: a model fires them itself, at any moment.
//! - The runtime's own parking of threads, see above.
//! - Weak memory: steps are sequentially consistent. Shared data is behind a mutex, except for an atomic of a keyed
//!   instance: the count of its users with whether it is persistent. It is decided upon under the mutex of its shard.
//! - `Arc`: dropping the last one and the start of `Drop` are one step. What `Drop` does are further steps, and that is where
//!   the table and a new lock of the same key meet. The same holds for the count of an instance's users.
//! - Drafts and commits, which happen under the lock in one task, and the journal, which writes the commits of a store on a
//!   thread of its own. The linearizability and stress tests and those of the guarantees run the real ones.

mod event;
mod exploration;
mod keyed_instances;
mod registry;
mod updates;
mod waiting;

// The engine, and what its sources expect at the root of their crate. These names follow the sources.
#[allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    unused_imports,
    unexpected_cfgs
)]
#[path = "../../../kr-runtime/src/lock/mod.rs"]
mod lock;
mod store;
#[allow(dead_code)]
mod sync;
