//! One round of load against one server.

use super::connection::AsyncConnection;
use super::{Latencies, Request};
use crate::Program;
use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::task::LocalSet;

/// Which requests, over how many connections, for how long.
#[derive(Clone)]
pub struct Workload {
    /// Each connection sends these in turn.
    pub requests: Vec<Request>,
    /// The number of concurrent connections.
    pub connections: usize,
    /// For how long.
    pub time: Duration,
}

/// The measurements of one round.
pub struct Round {
    /// Requests per second.
    pub per_second: f64,
    /// Microseconds of the server's processor time for each request.
    pub processor: f64,
    /// The response times.
    pub latencies: Latencies,
}

impl Workload {
    /// Runs the workload against a server.
    ///
    /// # Panics
    /// If a response is not a success.
    #[must_use]
    pub fn run(&self, server: &Program) -> Round {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        LocalSet::new().block_on(&runtime, self.measure(server))
    }

    async fn measure(&self, server: &Program) -> Round {
        let mut connections = Vec::new();
        for _ in 0..self.connections {
            connections.push(AsyncConnection::connect(server.address).await);
        }
        let stop = Rc::new(Cell::new(false));
        let requests: Rc<[Request]> = self.requests.as_slice().into();
        let before = server.processor_seconds();
        let started = Instant::now();
        let clients: Vec<_> = connections
            .into_iter()
            .enumerate()
            .map(|(index, connection)| {
                // Connections start at different requests, as far from each other as there are so many.
                let start = index * self.requests.len() / self.connections;
                let client = client(connection, Rc::clone(&requests), start, Rc::clone(&stop));
                tokio::task::spawn_local(client)
            })
            .collect();
        tokio::time::sleep(self.time).await;
        stop.set(true);
        let mut latencies = Latencies::default();
        for client in clients {
            latencies.merge(client.await.expect("a client"));
        }
        let seconds = started.elapsed().as_secs_f64();
        let used = server.processor_seconds().zip(before);
        let used = used.map_or(f64::NAN, |(after, before)| after - before);
        let requests = latencies.count() as f64;
        Round {
            per_second: requests / seconds,
            processor: used / requests * 1e6,
            latencies,
        }
    }
}

async fn client(
    mut connection: AsyncConnection,
    requests: Rc<[Request]>,
    start: usize,
    stop: Rc<Cell<bool>>,
) -> Latencies {
    let mut latencies = Latencies::default();
    for request in requests.iter().cycle().skip(start) {
        let started = Instant::now();
        connection.request(request).await;
        latencies.add(started.elapsed());
        if stop.get() {
            break;
        }
    }
    latencies
}
