//! Every request has a span that records its outcome.

use crate::sample_host::SampleHost;
use http::{Method, StatusCode};
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, set_default};
use tracing::{Dispatch, Event, Metadata, Subscriber};

/// Collects the fields of each span.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<HashMap<&'static str, String>>>>);

struct Fields<'a>(&'a mut HashMap<&'static str, String>);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name(), format!("{value:?}"));
    }
}

impl Subscriber for Spans {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_span() && metadata.target().starts_with("kr_runtime")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        let mut spans = self.0.lock().unwrap();
        let mut fields = HashMap::new();
        span.record(&mut Fields(&mut fields));
        spans.push(fields);
        Id::from_u64(spans.len() as u64)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        let mut spans = self.0.lock().unwrap();
        values.record(&mut Fields(&mut spans[span.into_u64() as usize - 1]));
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

impl Spans {
    fn of(&self, handler: &str) -> HashMap<&'static str, String> {
        let spans = self.0.lock().unwrap();
        let handler = format!("{handler:?}");
        let found = spans.iter().find(|span| span["handler"] == handler);
        found
            .unwrap_or_else(|| panic!("no span of {handler} in {spans:?}"))
            .clone()
    }
}

/// Collects the spans of this thread until the guards are dropped.
///
/// The second dispatcher does nothing but exist. With only one, tracing asks the thread that first meets a span whether it is
/// enabled, and caches that; it may be the thread of another test, which has no subscriber.
fn collect_spans() -> (Spans, (DefaultGuard, Dispatch)) {
    let spans = Spans::default();
    let guard = set_default(spans.clone());
    (spans.clone(), (guard, Dispatch::new(spans)))
}

#[tokio::test]
async fn a_span_records_wait_hold_revision_and_outcome() {
    let (spans, _guards) = collect_spans();
    let (host, mut client, address) = SampleHost::start().await;
    let holding = tokio::spawn(async move {
        Client::connect(address)
            .await
            .post("/change-slowly/800")
            .await
    });
    host.wait_until_held_with(0).await;
    client.post("/short-timeout").await;
    let mut disconnecting = Client::connect(address).await;
    let cancelled = tokio::time::timeout(
        Duration::from_millis(60),
        disconnecting.post("/both-sorted"),
    )
    .await;
    assert!(cancelled.is_err());
    drop(disconnecting);
    holding.await.unwrap();
    for path in ["/change", "/fail", "/panic", "/never-ends"] {
        client.post(path).await;
    }
    client.get("/pair").await;

    for (handler, outcome) in [
        ("change_slowly", "committed"),
        ("short_timeout", "timed out"),
        ("both_sorted", "cancelled"),
        ("change", "committed"),
        ("fail", "rolled back"),
        ("panic", "panicked"),
        ("never_ends", "hold timed out"),
        ("read", "read"),
    ] {
        assert_eq!(spans.of(handler)["outcome"], outcome, "{handler}");
    }
    let slow = spans.of("change_slowly");
    assert_eq!(slow["revision"], "1");
    assert!(
        slow["hold"].contains("ms") && slow.contains_key("wait"),
        "{slow:?}"
    );
    assert_eq!(spans.of("change")["revision"], "2");
    assert!(!spans.of("fail").contains_key("revision"));
}

#[derive(Clone, SharedState)]
#[shared_state(lock = "title")]
struct Title(String);

#[derive(Host)]
struct Site {
    title: Shared<Title>,
}

#[kr_route(get, "/title", cached)]
#[locked("title")]
fn title(title: &Title) -> String {
    title.0.clone()
}

#[tokio::test]
async fn a_cached_response_and_a_304_are_recorded_as_reads() {
    let (spans, _guards) = collect_spans();
    let site = Site {
        title: Shared::new(Title("Notes".into())),
    };
    let app = App::new("Site", site).mount(routes![title]);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    for (tags, status) in [
        ("\"x\"", StatusCode::OK),
        ("\"x\"", StatusCode::OK),
        ("*", StatusCode::NOT_MODIFIED),
    ] {
        let headers = [("if-none-match", tags)];
        let response = client.send_with(Method::GET, "/title", &headers, "").await;
        assert_eq!(response.status, status);
    }
    let spans = spans.0.lock().unwrap();
    assert_eq!(spans.len(), 3);
    for span in spans.iter() {
        assert_eq!(span["outcome"], "read");
        assert_eq!(span["path"], "\"/title\"");
    }
}
