//! The password in a URL is in no log and in no error.

use crate::ledger::{add, connect, options};
use crate::support::first_number;
use kr_tests::postgres::Postgres;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Everything that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<String>>);

impl Visit for Log {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        writeln!(self.0.lock().unwrap(), "{}={value:?}", field.name()).unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, fields: &Record<'_>) {
        fields.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_password_of_the_url_is_in_no_line_of_the_log() {
    let Some(server) = Postgres::start("") else {
        return;
    };
    // What the other tests log meanwhile is in it, too.
    let log = Log::default();
    tracing::subscriber::set_global_default(log.clone()).unwrap();
    let url = server.database().replace("kr@", "kr:hunter2secret@");
    let machine = connect(options(), &url).unwrap();
    let first = first_number();
    add(&machine, first + 1).await;
    tokio::task::block_in_place(|| server.stop_at_once());
    let refused = machine.ledger.lists.update(&1, |list| list.numbers.clear());
    let error = format!("{:?}", refused.await.unwrap_err());
    let refused = connect(options(), &url).err().unwrap();
    let error = format!("{error} {refused} {refused:?}");
    assert!(error.contains("PostgreSQL at 127.0.0.1"), "{error}");
    assert!(!error.contains("hunter2secret"), "{error}");
    drop(machine);
    let log = log.0.lock().unwrap();
    assert!(!log.is_empty() && !log.contains("hunter2secret"), "{log}");
}
