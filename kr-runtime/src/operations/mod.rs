//! What the people who run a service see of it: probes, metrics, a JSON API, and pages to look at states and locks and to
//! take snapshots and put them back.
//!
//! All of it is served on a listener of its own, by threads of its own, so that it answers when the service does not.
//! [`access`] decides who may see and change what, [`health`] what the probes say, and [`service`] is what there is to see.
//!
//! Uses `http` and the rooms below it. Never knows how an application is built or its connections are served: `app` hands it
//! what it needs. Nothing here is used by a request of the application.

mod access;
mod api;
mod api_snapshots;
mod checkpoints;
mod diff;
mod events;
mod health;
mod listen;
mod metrics;
mod overview;
mod page;
mod params;
mod probes;
mod problem;
mod router;
mod service;
mod settings;
mod shared;
mod snapshots;
mod states;
mod store;
mod tasks;
mod ticks;
mod time;
mod watch;

pub(crate) use access::Access;
pub(crate) use checkpoints::CheckpointStatus;
pub(crate) use health::Health;
pub(crate) use listen::{OperationsListener, RunningOperations};
pub(crate) use probes::probes;
pub(crate) use service::{Connections, Service};
pub use settings::Operations;
pub(crate) use tasks::{TaskList, TaskStatus};
