//! The lock engine under a model checker.
//!
//! The sources of `kr-runtime/src/locks` are compiled here once more, as they are, against the primitives in [`sync`]:
//! shuttle's semaphore, a mutex that hands control to shuttle before each lock, and a clock that strikes when a model says
//! so. shuttle then runs each model again and again, with another order of steps each time.
//!
//! # What is covered
//!
//! | model | tasks | orders tried |
//! |---|---|---|
//! | [`registry`]: create, hold, hand over, collect | 2 | every one (124 688) |
//! | the same, and create again | 2 and 3 | a seeded sample |
//! | [`waiting`]: cancel, and the end of a wait, at every moment of the wait and of the hand-over | 2 and the bell | every one |
//! | the same with a third who waits behind | 3 and the bell | a seeded sample |
//! | [`waiting`]: order of service; re-entry is refused | 2 | every one |
//! | [`waiting`]: the bound on waiters; nobody is refused for re-entry in error | 3; 2 | a seeded sample |
//! | [`registry`]: a guard dropped by another task | 2 | every one |
//! | [`registry`]: two locks taken together; three in a ring | 2; 3 | a seeded sample |
//!
//! Each model asserts that a lock is never held twice, that everybody gets to the end (a deadlock or a lost wake-up is
//! reported by shuttle), that queues are empty, and that no name is left in the table.
//!
//! `KR_MODEL=<runs>` sets the size of the samples, 20 000 unless given. A failure prints the schedule, and
//! `shuttle::replay` runs it again.
//!
//! # What is not
//!
//! - tokio's own semaphore: shuttle's stands in for it, with the same promise (first come, first served; who is dropped
//!   after it was served passes the permit on). tokio checks its own with loom.
//! - Weak memory: steps are sequentially consistent. The engine's only relaxed atomic is the count of waiters, which
//!   decides nothing but the bound and what is shown.
//! - `Arc`: dropping the last one and the start of `Drop` are one step, and what `Drop` does are others, which is where the
//!   table and a new lock of the same name meet.
//! - Drafts and commits, which happen under the lock in one task; histories and storms try those on the real thing.

mod explore;
mod group;
mod keyed;
#[allow(dead_code, unreachable_pub, missing_docs, unused_imports)]
#[path = "../../../kr-runtime/src/locks/mod.rs"]
mod locks;
mod meta;
mod registry;
#[allow(dead_code)]
mod sync;
mod waiting;
