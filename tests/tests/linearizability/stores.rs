//! The stores that every kind of history is recorded on.

use kr_runtime::prelude::StatusCode;
use kr_runtime::{App, Host, Store, StoredHost};
use kr_tests::stores::Unreliable;
use kr_tests::{Response, serve};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

/// A process with an application, as far as clients can tell.
pub(crate) struct Machine<H> {
    pub(crate) host: Arc<H>,
    pub(crate) address: SocketAddr,
}

/// An application over each kind of store: one that keeps everything at once; one that is slow and does not keep one batch of
/// eight; and, where PostgreSQL is installed, one that three machines share. `seed` differs for each history.
pub(crate) async fn machines<H: StoredHost>(
    seed: usize,
    app: impl Fn() -> App<H>,
) -> Vec<Vec<Machine<H>>> {
    let unreliable = Unreliable {
        fails_one_in: 8,
        longest_write: Duration::from_micros(500),
        seed: seed as u64 * 2 + 1,
    };
    let mut all = vec![
        vec![serve_app(app().store(Store::memory())).await],
        vec![serve_app(app().store(unreliable.store().0)).await],
    ];
    if let Some(server) = kr_tests::postgres::postgres() {
        let url = server.database();
        let mut machines = Vec::new();
        for _ in 0..3 {
            let store = Store::connect(&url).expect("the store");
            machines.push(serve_app(app().store(store)).await);
        }
        all.push(machines);
    }
    all
}

async fn serve_app<H: Host>(app: App<H>) -> Machine<H> {
    Machine {
        host: app.host(),
        address: serve(app.into_router().expect("the application")).await,
    }
}

/// Whether the store has not kept the change, or what it was made from: the request had no effect.
pub(crate) fn was_not_kept(response: &Response) -> bool {
    response.status == StatusCode::SERVICE_UNAVAILABLE
        && response
            .text()
            .contains("could not be kept, and nothing was changed")
}
