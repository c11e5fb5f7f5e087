//! An application that runs in the test's process.

use kr_runtime::prelude::*;
use kr_runtime::{Result, StopToken};
use kr_tests::Client;
use std::net::SocketAddr;
use tokio::task::JoinHandle;

/// An application that runs until [`stop`](Self::stop).
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    pub(crate) stop: StopToken,
    server: JoinHandle<Result<()>>,
}

impl Running {
    pub(crate) fn start<H: Host>(app: App<H>) -> Self {
        let mut server = app.endpoint(0).build().unwrap();
        server.bind().unwrap();
        Self {
            address: server.local_addr().unwrap(),
            stop: server.stop_token(),
            server: tokio::spawn(server.run()),
        }
    }

    pub(crate) async fn client(&self) -> Client {
        Client::connect(self.address).await
    }

    /// Waits until it has stopped by itself.
    pub(crate) async fn ended(self) -> Result<()> {
        self.server.await.unwrap()
    }

    pub(crate) async fn stop(self) -> Result<()> {
        self.stop.request();
        self.ended().await
    }
}
