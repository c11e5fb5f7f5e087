//! What a store in PostgreSQL keeps, and says, when something goes wrong: a process is killed or stopped, the server restarts
//! or goes away, a connection is cut or stalls at any point, a role may not do something, a table is not what it was.
//!
//! The tests start a server of their own. `KR_POSTGRES_ROUNDS` makes it more kills, restarts and cuts; see CONTRIBUTING.md.

mod across_machines;
mod cuts;
mod deploying;
mod kills;
#[path = "../../src/ledger.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "several programs use it, each a part"
)]
mod ledger;
mod new_rows;
mod pgbouncer;
mod pool;
mod proxy;
mod refusals;
mod restarts;
mod secrets;
mod standby;
mod stopped_process;
mod support;
mod tls;
