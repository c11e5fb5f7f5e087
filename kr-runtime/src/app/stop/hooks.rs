//! What an application runs when its server has ended.

use crate::sync::log;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

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

/// What is left to run at the end. The server takes it, or the thread that waits for signals if the server cannot.
#[derive(Clone)]
pub(in crate::app) struct PendingHooks(Arc<Mutex<Option<BoxFuture<'static, ()>>>>);

impl PendingHooks {
    pub(in crate::app) fn new(hooks: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Some(Box::pin(hooks)))))
    }

    /// The first call gets them.
    pub(super) fn take(&self) -> Option<BoxFuture<'static, ()>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The hooks of a server whose future is dropped do not run.
    pub(in crate::app) fn withdraw_on_drop(&self) -> Withdraw {
        Withdraw(self.clone())
    }

    /// Runs them, unless somebody else does.
    pub(in crate::app) async fn run(&self) {
        let hooks = self.take();
        if let Some(hooks) = hooks {
            hooks.await;
        }
    }
}

/// Takes the hooks when it is dropped.
pub(in crate::app) struct Withdraw(PendingHooks);

impl Drop for Withdraw {
    fn drop(&mut self) {
        drop(self.0.take());
    }
}
