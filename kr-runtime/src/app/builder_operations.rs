//! The methods of `App` that concern those who operate it.

use super::builder::App;
use crate::operations::Operations;
use std::path::PathBuf;
use std::time::Duration;

impl<H> App<H> {
    /// Says where the application is operated: a listener of its own with probes, metrics, a JSON API and pages, which
    /// answers also when the application does not. See the [guide](crate::guide::operations).
    ///
    /// ```no_run
    /// use kr_runtime::Operations;
    /// use kr_runtime::prelude::*;
    ///
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// # #[tokio::main]
    /// # async fn main() -> kr_runtime::Result<()> {
    /// // With `KR_OPERATIONS=127.0.0.1:9000` in the environment; nothing without it.
    /// App::new("Empty", Empty {}).operations(Operations::from_env()).run().await
    /// # }
    /// ```
    ///
    /// What is wrong with the address or the tokens is reported when the application is built. As a part of another
    /// application ([`into_router`](Self::into_router)) there is no such listener.
    #[must_use]
    pub fn operations(mut self, operations: Operations) -> Self {
        self.operated.operations = operations;
        self
    }

    /// Keeps the states of a store in memory in a file: it is read when the application is built, written every so often if
    /// anything has changed, and written at the end. What is committed in between is lost with the process; a
    /// [store](Self::store) loses nothing.
    ///
    /// The file is a [snapshot of the whole host](crate::HostSnapshot), of one moment: CLIXML if its name ends in `.xml`,
    /// otherwise JSON. A relative path is in the [root](Self::root). It is replaced atomically and durably, and the one before
    /// it stays as `….previous`. A file that cannot be read stops the start, with the place and the reason. `transient` states
    /// are not in it, and begin anew.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # use std::time::Duration;
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let app = App::new("Empty", Empty {}).checkpoint("state.xml", Duration::from_secs(60));
    /// ```
    #[must_use]
    pub fn checkpoint(mut self, path: impl Into<PathBuf>, every: Duration) -> Self {
        self.operated.checkpoint = Some((path.into(), every));
        self
    }

    /// Answers `/livez` and `/readyz` on the application's own endpoints as well, without its layers and limits on hosts. What
    /// asks these from outside, such as Kubernetes, sees then that the application itself answers.
    ///
    /// `/livez` is 200 as long as the application runs tasks. `/readyz` is 200 while it takes requests and its store can be
    /// used, and 503 from the signal to stop on: with a [`stop_delay`](Self::stop_delay), whoever sends requests learns that
    /// before connections are refused.
    ///
    /// ```
    /// # use kr_runtime::prelude::*;
    /// # use std::time::Duration;
    /// # #[derive(Host)]
    /// # struct Empty {}
    /// let app = App::new("Empty", Empty {}).probes().stop_delay(Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn probes(mut self) -> Self {
        self.operated.has_probes = true;
        self
    }
}
