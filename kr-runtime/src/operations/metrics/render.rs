//! All metrics.

use super::text::{Kind, MetricsText};
use crate::http::{Outcome, RouteMetrics};
use crate::operations::service::Service;
use crate::operations::states::histories::Histories;
use crate::operations::states::locks::LockNames;
use crate::state::HostField;
use crate::sync::HistogramSnapshot;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering::Relaxed;
use std::time::UNIX_EPOCH;

const SECONDS: f64 = 1e9;

/// All metrics of an application as text.
pub(crate) async fn render(service: &Service, histories: &Histories) -> String {
    let mut text = MetricsText::default();
    process(service, &mut text);
    checkpoints(service, &mut text);
    requests(service, &mut text);
    locks_of_routes(service, &mut text);
    locks_now(service, &mut text);
    instances(service, &mut text).await;
    sizes(service, histories, &mut text);
    store(service, &mut text);
    text.into_string()
}

fn process(service: &Service, text: &mut MetricsText) {
    text.metric("kr_build_info", Kind::Gauge, "The version of kr.");
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    text.sample("kr_build_info", &version, 1);
    let started = service.started.duration_since(UNIX_EPOCH);
    text.metric(
        "process_start_time_seconds",
        Kind::Gauge,
        "When the application was built, in seconds since 1970.",
    );
    let started = started.unwrap_or_default().as_secs_f64();
    text.sample("process_start_time_seconds", &[], started);
    text.metric(
        "kr_ready",
        Kind::Gauge,
        "Whether requests should be sent here.",
    );
    text.sample("kr_ready", &[], u8::from(service.health.is_ready().is_ok()));
    let connections = &service.connections;
    text.metric(
        "kr_connections_active",
        Kind::Gauge,
        "Open connections of clients.",
    );
    text.sample("kr_connections_active", &[], connections.open.load(Relaxed));
    text.metric(
        "kr_refused_total",
        Kind::Counter,
        "Clients that were turned away before they could ask.",
    );
    let reason = [("reason", "connections")];
    text.sample(
        "kr_refused_total",
        &reason,
        connections.refused.load(Relaxed),
    );
    text.metric(
        "kr_task_restarts_total",
        Kind::Counter,
        "How often a background task has started again after a panic.",
    );
    for task in service.tasks.all() {
        let labels = [("task", task.name.as_str())];
        text.sample("kr_task_restarts_total", &labels, task.restart_count());
    }
}

fn checkpoints(service: &Service, text: &mut MetricsText) {
    let Some(checkpoints) = &service.checkpoints else {
        return;
    };
    if let Some(last) = checkpoints.last_success() {
        let name = "kr_checkpoint_last_success_timestamp_seconds";
        text.metric(name, Kind::Gauge, "When a checkpoint was written last.");
        text.sample(name, &[], last);
    }
    let name = "kr_checkpoint_failures_total";
    text.metric(name, Kind::Counter, "Checkpoints that were not written.");
    text.sample(name, &[], checkpoints.failures());
}

fn requests(service: &Service, text: &mut MetricsText) {
    let name = "http_server_request_duration_seconds";
    text.metric(
        name,
        Kind::Histogram,
        "Time from a request to the head of its response.",
    );
    for route in &service.routes {
        for (status, durations) in route.responses() {
            let status = status.to_string();
            let mut labels = vec![
                ("http_request_method", route.method),
                ("http_response_status_code", status.as_str()),
                ("url_scheme", "http"),
            ];
            labels.extend(route.route.map(|path| ("http_route", path)));
            if status.starts_with('5') {
                labels.push(("error_type", status.as_str()));
            }
            text.histogram(name, &labels, &durations, SECONDS);
        }
    }
    let name = "http_server_active_requests";
    text.metric(name, Kind::Gauge, "Requests without a response.");
    let mut active = BTreeMap::<&str, i64>::new();
    for route in &service.routes {
        *active.entry(route.method).or_default() += route.active();
    }
    for (method, number) in active {
        let labels = [("http_request_method", method), ("url_scheme", "http")];
        text.sample(name, &labels, number);
    }
    let name = "kr_streams_active";
    text.metric(name, Kind::Gauge, "Clients that follow a response.");
    for route in of_kr(service) {
        if let (Some(path), Some(streams)) = (route.route, route.streams()) {
            text.sample(name, &[("http_route", path)], streams);
        }
    }
    let name = "kr_requests_cancelled_total";
    text.metric(
        name,
        Kind::Counter,
        "Requests whose client left before there was a response.",
    );
    for route in of_kr(service) {
        if let Some(path) = route.route {
            let labels = [("http_request_method", route.method), ("http_route", path)];
            text.sample(name, &labels, route.cancelled());
        }
    }
}

fn of_kr(service: &Service) -> impl Iterator<Item = &&'static RouteMetrics> {
    service.routes.iter().filter(|route| route.route.is_some())
}

fn locks_of_routes(service: &Service, text: &mut MetricsText) {
    type Times = fn(&RouteMetrics) -> HistogramSnapshot;
    let times: [(&str, &str, Times); 3] = [
        (
            "kr_lock_wait_seconds",
            "How long requests waited for their locks.",
            RouteMetrics::wait,
        ),
        (
            "kr_lock_hold_seconds",
            "How long requests held their locks.",
            RouteMetrics::hold,
        ),
        (
            "kr_commit_wait_seconds",
            "How long responses waited until the store had written their commit.",
            RouteMetrics::store,
        ),
    ];
    for (name, help, times) in times {
        text.metric(name, Kind::Histogram, help);
        for route in of_kr(service).filter(|route| !route.locks.is_empty()) {
            let times = times(route);
            if times.count() > 0 {
                let path = route.route.unwrap_or_default();
                let labels = [("lock", route.locks.as_str()), ("http_route", path)];
                text.histogram(name, &labels, &times, SECONDS);
            }
        }
    }
    let mut commits = BTreeMap::<&str, u64>::new();
    let mut roll_backs = BTreeMap::<(&str, &str), u64>::new();
    let mut timeouts = BTreeMap::<(&str, &str), u64>::new();
    for route in of_kr(service).filter(|route| !route.locks.is_empty()) {
        let lock = route.locks.as_str();
        commits.entry(lock).or_default();
        for (outcome, count) in route.outcomes() {
            let reason = match outcome {
                Outcome::Committed => {
                    *commits.entry(lock).or_default() += count;
                    continue;
                }
                Outcome::RolledBack => "error",
                Outcome::Panicked => "panic",
                Outcome::HoldTimedOut => "hold_timeout",
                Outcome::NotKept => "store",
                Outcome::TimedOut => {
                    *timeouts.entry((lock, "timeout")).or_default() += count;
                    continue;
                }
                Outcome::QueueFull => {
                    *timeouts.entry((lock, "queue_full")).or_default() += count;
                    continue;
                }
                _ => continue,
            };
            *roll_backs.entry((lock, reason)).or_default() += count;
        }
    }
    text.metric(
        "kr_commits_total",
        Kind::Counter,
        "Requests that committed a change.",
    );
    for (lock, count) in commits {
        text.sample("kr_commits_total", &[("lock", lock)], count);
    }
    let by_reason = [
        (
            "kr_rollbacks_total",
            "Requests whose changes were dropped.",
            roll_backs,
        ),
        (
            "kr_lock_timeouts_total",
            "Requests that were not granted their locks.",
            timeouts,
        ),
    ];
    for (name, help, counts) in by_reason {
        text.metric(name, Kind::Counter, help);
        for ((lock, reason), count) in counts {
            text.sample(name, &[("lock", lock), ("reason", reason)], count);
        }
    }
}

/// Who holds and waits now, by the template of the lock.
fn locks_now(service: &Service, text: &mut MetricsText) {
    let names = LockNames::of(&service.host.state_fields());
    let mut held = BTreeMap::<&str, (usize, usize)>::new();
    held.extend(names.all().map(|name| (name, (0, 0))));
    for lock in service.locks.busy().locks {
        let (is_held, waiting) = lock.load();
        let entry = held.entry(names.template(&lock.key())).or_default();
        entry.0 += usize::from(is_held);
        entry.1 += waiting;
    }
    text.metric("kr_lock_held", Kind::Gauge, "Locks that are held.");
    for (lock, (count, _)) in &held {
        text.sample("kr_lock_held", &[("lock", lock)], count);
    }
    text.metric(
        "kr_lock_waiters",
        Kind::Gauge,
        "Requests that wait for locks.",
    );
    for (lock, (_, count)) in &held {
        text.sample("kr_lock_waiters", &[("lock", lock)], count);
    }
}

async fn instances(service: &Service, text: &mut MetricsText) {
    let mut keyed = Vec::new();
    for field in service.host.state_fields() {
        if let HostField::Keyed(state) = field
            && let Some((key_space, _)) = state.key_space()
        {
            keyed.push((state.state_type().name, key_space));
        }
    }
    text.metric(
        "kr_state_instances",
        Kind::Gauge,
        "Instances of a keyed state.",
    );
    for (state, key_space) in keyed {
        // What cannot be counted now has no sample.
        if let Ok(count) = key_space.count().await {
            text.sample("kr_state_instances", &[("state", state)], count);
        }
    }
}

/// As the thread has seen them that looks at states anyway.
fn sizes(service: &Service, histories: &Histories, text: &mut MetricsText) {
    let name = "kr_state_bytes";
    let help = "Bytes of a state's JSON, when it was last made; of states without a key.";
    text.metric(name, Kind::Gauge, help);
    for field in service.host.state_fields() {
        let state = field.state_type().name;
        let seen = histories.seen(state);
        if let Some(bytes) = seen.and_then(|seen| seen.bytes) {
            text.sample(name, &[("state", state)], bytes);
        }
    }
}

fn store(service: &Service, text: &mut MetricsText) {
    let Some(store) = &service.store else {
        return;
    };
    let status = store.journal.status();
    let labels = [("store", store.name())];
    text.metric(
        "kr_store_batch_commits",
        Kind::Histogram,
        "How many commits each batch had.",
    );
    text.histogram("kr_store_batch_commits", &labels, &status.commits(), 1.0);
    text.metric(
        "kr_store_sync_seconds",
        Kind::Histogram,
        "How long making a batch durable took.",
    );
    text.histogram("kr_store_sync_seconds", &labels, &status.writes(), SECONDS);
    text.metric(
        "kr_store_errors_total",
        Kind::Counter,
        "Batches that were not written.",
    );
    let labels = [("store", store.name()), ("operation", "write")];
    text.sample("kr_store_errors_total", &labels, status.errors());
    let Some(connections) = store.journal.shared().map(|shared| shared.connections()) else {
        return;
    };
    let pool = ("db_client_connection_pool_name", store.name());
    let name = "db_client_connection_count";
    text.metric(name, Kind::Gauge, "Connections to the store.");
    for (state, count) in [("idle", connections.idle), ("used", connections.used)] {
        let state = ("db_client_connection_state", state);
        text.sample(name, &[pool, state], count);
    }
    let name = "db_client_connection_max";
    text.metric(name, Kind::Gauge, "How many connections there may be.");
    text.sample(name, &[pool], connections.most);
    let name = "db_client_connection_pending_requests";
    text.metric(name, Kind::Gauge, "Calls that wait for a connection.");
    text.sample(name, &[pool], connections.waiting);
}
