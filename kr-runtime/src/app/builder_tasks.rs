//! The method of `App` that adds a background task.

use super::builder::App;
use super::tasks::BackgroundTask;
use crate::http::StopToken;
use std::sync::Arc;

impl<H: Send + Sync + 'static> App<H> {
    /// Adds a background task, which starts when the server has bound its addresses.
    ///
    /// It ends by returning, and should do so soon after its [`StopToken`] says that the application stops. A graceful stop
    /// waits for it as for requests, at most for the drain timeout; then it is dropped at its next `.await`, and
    /// [`run`](Self::run) returns [`Error::Unfinished`](crate::Error::Unfinished) with its name. Functions of
    /// [`on_stop`](Self::on_stop) run after it.
    ///
    /// If it panics, the log names it, and it starts again after a pause of 100 ms, which doubles each time up to 30 seconds.
    /// Its update is then rolled back, like a handler's.
    ///
    /// ```
    /// use kr_runtime::prelude::*;
    /// use std::time::Duration;
    /// use tokio::time::sleep;
    ///
    /// #[derive(Clone, SharedState)]
    /// #[shared_state(lock = "visits")]
    /// struct Visits(u64);
    ///
    /// #[derive(Host)]
    /// struct Site {
    ///     visits: Shared<Visits>,
    /// }
    ///
    /// let site = Site { visits: Shared::new(Visits(0)) };
    /// let app = App::new("Visits", site).task("halve", |site, stop| async move {
    ///     loop {
    ///         tokio::select! {
    ///             () = sleep(Duration::from_secs(3_600)) => {}
    ///             () = stop.requested() => return,
    ///         }
    ///         if let Err(error) = site.update(|visits: &mut Visits| visits.0 /= 2).await {
    ///             eprintln!("visits are not halved: {error}");
    ///         }
    ///     }
    /// });
    /// ```
    #[must_use]
    pub fn task<F>(
        mut self,
        name: impl Into<String>,
        task: impl Fn(Arc<H>, StopToken) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let host = Arc::clone(&self.host);
        let task = move |stop| task(Arc::clone(&host), stop);
        self.tasks.push(BackgroundTask::new(name.into(), task));
        self
    }
}
