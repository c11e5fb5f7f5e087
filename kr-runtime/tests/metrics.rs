//! With the feature `metrics`, requests are counted and timed for whatever recorder is installed.

use axum::body::Body;
use axum::http::Request;
use kr_runtime::prelude::*;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

/// How often each metric was touched, by its name and labels.
#[derive(Clone, Default)]
struct Tally(Arc<Mutex<BTreeMap<String, u64>>>);

struct One {
    tally: Tally,
    name: String,
}

impl One {
    fn touch(&self) {
        *self
            .tally
            .0
            .lock()
            .unwrap()
            .entry(self.name.clone())
            .or_default() += 1;
    }
}

impl CounterFn for One {
    fn increment(&self, _: u64) {
        self.touch();
    }

    fn absolute(&self, _: u64) {}
}

impl HistogramFn for One {
    fn record(&self, seconds: f64) {
        assert!((0.0..60.0).contains(&seconds));
        self.touch();
    }
}

impl Tally {
    fn one(&self, key: &Key) -> Arc<One> {
        let labels: Vec<_> = key.labels().map(|label| label.value().to_owned()).collect();
        Arc::new(One {
            tally: self.clone(),
            name: format!("{} {}", key.name(), labels.join(" ")),
        })
    }
}

impl Recorder for Tally {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.one(key))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.one(key))
    }
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "visits")]
struct Visits(u64);

#[derive(Host)]
struct Site {
    visits: Shared<Visits>,
}

#[kr_route(post, "/visit")]
#[locked("visits")]
fn visit(visits: &mut Visits) {
    visits.0 += 1;
}

#[kr_route(post, "/refuse")]
#[locked("visits")]
fn refuse(visits: &mut Visits) -> Result<(), Problem> {
    visits.0 += 1;
    Err(Problem::conflict("no"))
}

#[tokio::test]
async fn requests_are_counted_by_outcome_and_their_waits_and_holds_are_timed() {
    let tally = Tally::default();
    let _here = metrics::set_default_local_recorder(&tally);
    let site = Site {
        visits: Shared::new(Visits(0)),
    };
    let router = App::new("Site", site)
        .mount(routes![visit, refuse])
        .into_router();
    let router = router.unwrap();
    for path in ["/visit", "/visit", "/refuse"] {
        let request = Request::post(path).body(Body::empty()).unwrap();
        router.clone().oneshot(request).await.unwrap();
    }
    let counted: Vec<_> = tally.0.lock().unwrap().clone().into_iter().collect();
    let expected = [
        ("kr_lock_hold_seconds refuse", 1),
        ("kr_lock_hold_seconds visit", 2),
        ("kr_lock_wait_seconds refuse", 1),
        ("kr_lock_wait_seconds visit", 2),
        ("kr_requests_total refuse rolled back", 1),
        ("kr_requests_total visit committed", 2),
    ];
    assert_eq!(
        counted,
        expected.map(|(name, count)| (name.to_owned(), count))
    );
}
