//! The lock engine under a model checker.
//!
//! The sources of `kr-runtime/src/locks` are compiled here once more, as they are, against the primitives in [`sync`]: a
//! mutex that hands control to shuttle before each critical section, and alarms that ring when a model says so. What is
//! checked is the engine's own line, its hand-over and its wake-ups; nothing stands in for them. shuttle then runs each
//! model again and again, with another order of steps each time.
//!
//! # What is covered
//!
//! | model | tasks | orders tried |
//! |---|---|---|
//! | [`registry`]: create, hold, hand over, collect | 2 | every one (13 545) |
//! | the same, and create again | 2 and 3 | a seeded sample |
//! | [`registry`]: a guard dropped by another task | 2 | every one (2 385) |
//! | [`registry`]: two locks taken together; three in a ring | 2; 3 | a seeded sample |
//! | [`waiting`]: a wait is cancelled at any moment of it and of the hand-over | 2 and the bell | every one (6 457) |
//! | [`waiting`]: a wait ends at its deadline at any such moment | 2 and the bell | every one (12 328) |
//! | the same two with a third who waits behind | 3 and the bell | a seeded sample |
//! | [`waiting`]: an alarm is replaced before it is set | 3 | a seeded sample |
//! | [`waiting`]: order of service | 2 | every one (1 080) |
//! | [`waiting`]: re-entry is refused | 2 | every one (13 446) |
//! | [`waiting`]: nobody is refused for re-entry in error | 2 | a seeded sample |
//! | [`waiting`]: who has waited does not count against the bound on waiters | 2 | every one (1 452) |
//! | [`waiting`]: the bound on waiters, with two who ask | 3 | a seeded sample: there are 1 235 703 |
//! | [`updates`]: a change in code is cancelled; ends at its deadline | 2 and the bell | every one (8 825; 24 325) |
//! | the same with two of them; with two and a lock that is not released | 3 and the bell; 2 and the bell | a seeded sample |
//! | [`updates`]: two changes in code | 2 | every one (14 320) |
//! | [`keyed_instances`]: enter, hold, leave, collect | 2 | every one (10 160) |
//! | the same, and enter again | 2; 3 | every one (104 168); a seeded sample |
//! | [`keyed_instances`]: a wait is cancelled; ends at its deadline | 2 and the bell | every one (97 452; 204 316) |
//! | [`keyed_instances`]: an instance is committed by one and removed by another | 2 | every one (6 999) |
//!
//! Each model asserts that a lock is never held twice, that everybody gets to the end (a deadlock or a lost wake-up is
//! reported by shuttle), that lines are empty, and that no name and no instance is left.
//!
//! The numbers are printed with `--nocapture`; they are those of a build with the check of the order of locks in it.
//! `KR_MODEL=<runs>` sets the size of the samples, 20 000 unless given. A failure prints the schedule, and
//! `shuttle::replay` runs it again.
//!
//! A thread that waits (`blocking.rs`) is in the same line as a task that does, gets there, is served and leaves in the same
//! way: all that it has of its own is that it parks where a task returns, and is unparked by its waker.
//!
//! # What is not
//!
//! - The thread that rings the alarms, and how it sleeps: a model rings them itself, at any moment.
//! - Parking of threads, as said above.
//! - Weak memory: steps are sequentially consistent. What is shared is behind a mutex, but for two atomics of a keyed
//!   instance, the count of its users and whether it stays: both are decided upon under the mutex of its shard.
//! - `Arc`: dropping the last one and the start of `Drop` are one step, and what `Drop` does are others, which is where the
//!   table and a new lock of the same name meet. The same goes for the count of an instance's users.
//! - Drafts and commits, which happen under the lock in one task; histories and storms try those on the real thing.

mod exploration;
mod group;
mod keyed_instances;
#[allow(dead_code, unreachable_pub, missing_docs, unused_imports)]
#[path = "../../../kr-runtime/src/locks/mod.rs"]
mod locks;
mod meta;
mod registry;
#[allow(dead_code)]
mod sync;
mod updates;
mod waiting;
