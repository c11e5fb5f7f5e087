//! What kr guarantees, one file or folder each, over real sockets where HTTP is involved.
//!
//! | guarantee | tests |
//! |---|---|
//! | 1. The compiler checks the lock. | `tests/ui`, run by `error_codes` |
//! | 2. The borrow picks the access. | [`access`] |
//! | 3. The critical section is minimal. | [`critical_section`] |
//! | 4. All or nothing. | [`all_or_nothing`]; without a draft, [`in_place`] |
//! | 5. No hangs. | [`no_hangs`], and the binary `locks` |
//! | 6. Snapshots are PowerShell's own, and block no request. | [`snapshots`], and the binaries `clixml` and `tutorial` |
//! | 7. It costs nothing that you would notice. | the benchmarks |
//! | 8. Handlers stay plain functions. | [`plain_functions`], and the binary `hygiene` |
//! | 9. What has a key is a resource. | [`keyed_states`], [`keyed_locks`], [`resources`], [`keys_from_arguments`], [`limited_instances`], and the binary `bank` |
//! | 10. Pages follow the state. | [`live`], and the binary `live` |
//! | 11. axum's layers, routers, extractors and listeners fit, and tasks start and stop with the server. | the binary `app` |
//! | 12. What was answered is kept. | [`store`], and the binaries `stores` and `store_faults` |
//! | 13. The same handlers run on many machines. | the binary `postgres` |
//! | 14. Lost updates and repeated requests are caught. | [`etag`], [`idempotent`], [`unchanged`] |
//! | 15. It can be seen and operated. | the binary `operations` |
//! | 16. Its API is written down. | the binary `openapi` |
//!
//! [`tracing`] and [`outside_handlers`] test how it can be seen and operated. [`counters`], [`cached`], [`blocking`],
//! [`after_commit`], [`shared_host`], [`get_or_init`], [`subscriptions`], [`host_argument`] and [`constant_paths`] test the
//! same guarantees for these features.

mod access;
mod after_commit;
mod all_or_nothing;
mod blocking;
mod cached;
mod constant_paths;
mod counters;
mod critical_section;
mod etag;
mod get_or_init;
mod host_argument;
mod idempotent;
mod in_place;
mod keyed_locks;
mod keyed_states;
mod keys_from_arguments;
mod limited_instances;
mod live;
mod no_hangs;
mod outside_handlers;
mod plain_functions;
mod resources;
mod sample_host;
mod shared_host;
mod snapshots;
mod store;
mod subscriptions;
mod tracing;
mod unchanged;
