//! What is logged by one thread.

use std::fmt::{self, Write};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::with_default;
use tracing::{Dispatch, Event, Metadata, Subscriber};

/// Messages of kr.
#[derive(Clone, Default)]
struct Messages(Arc<Mutex<String>>);

struct Message<'a>(&'a mut String);

impl Visit for Message<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            writeln!(self.0, "{value:?}").expect("a text takes more text");
        }
    }
}

impl Subscriber for Messages {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("kr_runtime")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Message(&mut self.0.lock().unwrap()));
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// The messages that `work` logs on this thread, and what it returns.
pub(crate) fn logged<T>(work: impl FnOnce() -> T) -> (String, T) {
    let messages = Messages::default();
    // With one subscriber only, `tracing` may ask a thread without any whether anything is to be logged, and keep the answer.
    let _second = Dispatch::new(messages.clone());
    let result = with_default(messages.clone(), work);
    let text = messages.0.lock().unwrap().clone();
    (text, result)
}
