//! What an application runs when its server has ended.

use crate::sync::log;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::fmt;
use std::panic::AssertUnwindSafe;

type Hook = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send + Sync>;

/// What an application runs when its server has ended, in the order in which it was registered.
#[derive(Default)]
pub(in crate::app) struct StopHooks(Vec<Hook>);

impl StopHooks {
    pub(in crate::app) fn add<F>(&mut self, hook: impl FnOnce() -> F + Send + Sync + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.0
            .push(Box::new(move || Box::pin(async move { hook().await })));
    }

    /// A panic ends one of them, and the others run.
    pub(in crate::app) async fn run(self) {
        for hook in self.0 {
            let running = AssertUnwindSafe(async move { hook().await });
            if running.catch_unwind().await.is_err() {
                log::error!("a function of `App::on_stop` panicked");
            }
        }
    }
}

impl fmt::Debug for StopHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} hooks", self.0.len())
    }
}
