//! Background tasks: they are told of the stop and waited for, and a panic starts them again.

use crate::running::Running;
use crate::{Items, shop};
use kr_runtime::prelude::*;
use kr_runtime::{Error, StopToken};
use std::fmt::{self, Write};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::time::sleep;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::set_default;
use tracing::{Event, Metadata, Subscriber};

#[tokio::test]
async fn a_task_works_on_the_host_and_is_told_of_the_stop() {
    let app = App::new("Shop", shop()).task("stock", |shop, stop: StopToken| async move {
        let add = |items: &mut Items| items.0.insert(1, "helmet".to_owned());
        shop.update(add).await.unwrap();
        stop.requested().await;
        sleep(Duration::from_millis(200)).await;
        let add = |items: &mut Items| items.0.insert(2, "rope".to_owned());
        shop.update(add).await.unwrap();
    });
    let host = app.host();
    let running = Running::start(app);
    while host.latest::<Items>().unwrap().0.is_empty() {
        sleep(Duration::from_millis(5)).await;
    }
    running.stop().await.unwrap();
    // The stop has waited for it.
    assert_eq!(host.read::<Items>().await.unwrap().0.len(), 2);
}

#[tokio::test]
async fn a_task_that_panics_starts_again_after_a_growing_pause() {
    let runs = Arc::<AtomicU32>::default();
    let counted = Arc::clone(&runs);
    let app = App::new("Shop", shop()).task("flaky", move |shop, stop| {
        let run = counted.fetch_add(1, SeqCst);
        async move {
            if run < 2 {
                let panics = |items: &mut Items| {
                    items.0.insert(u64::from(run), "half done".to_owned());
                    assert!(items.0.is_empty(), "on purpose");
                };
                shop.update(panics).await.unwrap();
            }
            stop.requested().await;
        }
    });
    let host = app.host();
    let running = Running::start(app);
    let start = Instant::now();
    while runs.load(SeqCst) < 3 {
        sleep(Duration::from_millis(5)).await;
    }
    let waited = start.elapsed();
    assert!(waited > Duration::from_millis(250), "{waited:?}");
    running.stop().await.unwrap();
    assert_eq!(runs.load(SeqCst), 3);
    assert!(host.read::<Items>().await.unwrap().0.is_empty());
}

/// Collects what is logged about tasks.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let mut log = self.0.lock().unwrap();
        writeln!(log, "{field}={value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with("kr_runtime")
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn the_log_names_the_task_that_panicked() {
    let log = Log::default();
    let _guard = set_default(log.clone());
    let app = App::new("Shop", shop()).task("flaky", |_, _| async { panic!("on purpose") });
    let running = Running::start(app);
    sleep(Duration::from_millis(50)).await;
    running.stop().await.unwrap();
    let log = log.0.lock().unwrap();
    for part in ["task=\"flaky\"", "panic=\"on purpose\"", "again_in=100ms"] {
        assert!(log.contains(part), "{part} is not in {log}");
    }
}

#[tokio::test]
async fn a_task_that_returns_does_not_start_again() {
    let runs = Arc::<AtomicU32>::default();
    let counted = Arc::clone(&runs);
    let app = App::new("Shop", shop()).task("once", move |_, _| {
        counted.fetch_add(1, SeqCst);
        async {}
    });
    let running = Running::start(app);
    sleep(Duration::from_millis(300)).await;
    running.stop().await.unwrap();
    assert_eq!(runs.load(SeqCst), 1);
}

/// Tells when it is dropped.
struct Dropped(Arc<AtomicU32>);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[tokio::test]
async fn a_task_that_does_not_end_is_waited_for_no_longer_than_the_drain_timeout() {
    let dropped = Arc::<AtomicU32>::default();
    let told = Arc::clone(&dropped);
    let app = App::new("Shop", shop())
        .drain_timeout(Duration::from_millis(200))
        .task("endless", move |_, _| {
            let guard = Dropped(Arc::clone(&told));
            async move {
                let _guard = guard;
                std::future::pending::<()>().await;
            }
        })
        .on_stop(|| async {});
    let running = Running::start(app);
    sleep(Duration::from_millis(50)).await;
    let start = Instant::now();
    let error = running.stop().await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(2));
    assert_eq!(
        error.to_string(),
        "stopped before background task `endless` had ended"
    );
    let Error::Unfinished { handlers, tasks } = error else {
        panic!("{error}");
    };
    assert_eq!((handlers, tasks), (0, vec!["endless".to_owned()]));
    sleep(Duration::from_millis(50)).await;
    assert_eq!(dropped.load(SeqCst), 1);
}

#[test]
fn a_router_for_another_application_starts_no_tasks() {
    let app = App::new("Shop", shop()).task("stock", |_, _| async {});
    let error = app.into_router().unwrap_err().to_string();
    assert!(error.contains("background task `stock`"), "{error}");
}
