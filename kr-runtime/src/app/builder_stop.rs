//! The methods of `App` that concern its end.

use super::builder::App;
use crate::http::StopToken;
use std::time::Duration;

impl<H> App<H> {
    /// How long a graceful stop waits for the responses to requests that were read; 30 seconds unless set. It holds for plain
    /// and `blocking` handlers, too: what still runs at the end is interrupted when `main` returns. On a runtime of one thread
    /// a plain handler may keep `main` from returning. The process then ends all the same, if it was a signal that stopped it.
    ///
    /// - A response is waited for to the end of its body. A stream without an end takes the whole timeout, and then
    ///   [`run`](Self::run) returns [`Error::Unfinished`](crate::Error::Unfinished), unless its handler listens to a
    ///   [`StopToken`](crate::StopToken). An event stream (`text/event-stream`) ends by itself.
    /// - A connection that speaks another protocol, such as WebSocket, has two seconds to end.
    /// - What a handler itself gives to [`spawn_blocking`](tokio::task::spawn_blocking) is unknown to the server. The runtime
    ///   waits for it, however long it takes, unless there is a second signal.
    #[must_use]
    pub fn drain_timeout(mut self, timeout: Duration) -> Self {
        self.drain_timeout = timeout;
        self
    }

    /// For how long connections are still taken after a signal to stop; not at all unless set. Meanwhile `/readyz` says that
    /// no more requests should be sent here (see `App::probes`, with the feature `operations`), and whoever sends them has
    /// time to notice. A second signal ends the delay and what it would for a stop without one. A [`StopToken`] stops at once.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # use std::time::Duration;
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let app = App::new("Empty", Empty {}).stop_delay(Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn stop_delay(mut self, delay: Duration) -> Self {
        self.stop_delay = delay;
        self
    }

    /// Registers a function that runs when the server has ended, before [`run`](Self::run) returns: whether every request was
    /// answered, or the drain timeout ended the wait, or a second signal did, after which the process ends within a second. The
    /// functions run one after the other, as registered; in another thread and runtime if a handler keeps that of the server.
    /// If the future of [`run`](Self::run) is dropped, they do not run.
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
