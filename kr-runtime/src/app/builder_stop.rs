//! The methods of `App` that concern its end.

use super::builder::App;
use crate::http::StopToken;
use std::time::Duration;

impl<H> App<H> {
    /// How long a graceful stop waits for the responses to requests that were read; 30 seconds unless set. It holds for plain
    /// handlers, too: what still runs at the end is cut off when `main` returns.
    #[must_use]
    pub fn drain_timeout(mut self, timeout: Duration) -> Self {
        self.drain_timeout = timeout;
        self
    }

    /// Registers a function that runs when the server has ended, before [`run`](Self::run) returns: whether every request was
    /// answered, or the drain timeout ended the wait, or a second signal did, after which there is half a second left. The
    /// functions run one after the other, as registered.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let app = App::new("Empty", Empty {}).on_stop(|| async {
    ///     println!("saved");
    /// });
    /// ```
    #[must_use]
    pub fn on_stop<F>(mut self, function: impl FnOnce() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.hooks.add(function);
        self
    }

    /// The token that says when the application stops, for tasks that it starts. Handlers take it as an argument.
    #[must_use]
    pub fn stop_token(&self) -> StopToken {
        self.stop.clone()
    }

    /// Stops the application when the future is ready, as Ctrl-C and SIGTERM do. It is polled once the server runs.
    ///
    /// ```no_run
    /// # use kr_runtime::prelude::*;
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// # async fn replaced() {}
    /// # #[tokio::main]
    /// # async fn main() -> kr_runtime::Result<()> {
    /// App::new("Empty", Empty {})
    ///     .shutdown_signal(async { replaced().await })
    ///     .run()
    ///     .await
    /// # }
    /// ```
    #[must_use]
    pub fn shutdown_signal(mut self, signal: impl Future<Output = ()> + Send + 'static) -> Self {
        self.shutdown.add(signal);
        self
    }
}
