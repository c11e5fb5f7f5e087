//! An instance that is made by whoever asks for it first: a cache that many requests fill once.

use super::committed::Committed;
use super::instance::InstancePlan;
use super::shared_map::SharedMap;
use super::shared_state::SharedState;
use crate::lock::{CallSite, LockKey, WaitPolicy};
use crate::store::{ReadError, UpdateError, Value};
use crate::transaction::{AccessMode, RunIn, Transaction};
use std::sync::Arc;

impl<K: LockKey, S: SharedState> SharedMap<K, S> {
    /// The committed value of an instance, which `init` makes if there is none.
    ///
    /// Of many who ask at once, one runs its `init`, under the lock of the key. The others wait in the lock's queue and
    /// then get what it has made. Once the instance is there, this takes no lock. Other keys do not wait.
    ///
    /// An error is not stored, and neither is a value whose future was dropped before it was complete: the next one who
    /// asks runs its own `init`. Whoever waits for longer than the lock's timeout, 30 seconds or what
    /// [`App::lock_timeout`](crate::App::lock_timeout) says, gets [`UpdateError::Lock`].
    ///
    /// An instance is made as a whole. If another state with the same lock is there already, this one is there as well,
    /// with its initial value.
    ///
    /// ```
    /// use kr_runtime::prelude::*;
    /// use kr_runtime::SharedMap;
    ///
    /// #[derive(Clone, Default, Serialize, SharedState)]
    /// #[shared_state(lock = "rate:{currency}")]
    /// struct Rate(f64);
    ///
    /// #[derive(Host)]
    /// struct Shop {
    ///     rates: SharedMap<String, Rate>,
    /// }
    ///
    /// # async fn ask_the_bank(_: &str) -> Result<f64, Problem> { Ok(1.1) }
    /// #[kr_route(get, "/rates/{currency}")]
    /// async fn rate(host: &Shop, currency: String) -> Result<Json<f64>, Problem> {
    ///     let rate = host.rates.get_or_try_init(&currency, async || {
    ///         Ok::<_, Problem>(Rate(ask_the_bank(&currency).await?))
    ///     });
    ///     Ok(Json(rate.await?.0))
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Problem> {
    /// # let shop = Shop { rates: SharedMap::new() };
    /// # assert_eq!(rate(&shop, "usd".into()).await?.0, 1.1);
    /// # assert_eq!(shop.rates.latest(&"usd".into())?.revision(), 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// What `init` returns; or [`UpdateError`], converted, if the lock was not granted or the store did not keep the
    /// value. An `init` that asks for the lock of its own key gets
    /// [`LockError::Reentrant`](crate::LockError::Reentrant).
    #[track_caller]
    pub fn get_or_try_init<F, E>(
        &self,
        key: &K,
        init: impl FnOnce() -> F + Send,
    ) -> impl Future<Output = Result<Committed<S>, E>> + Send
    where
        F: Future<Output = Result<S, E>> + Send,
        E: From<UpdateError> + Send,
    {
        let call_site = CallSite::here();
        async move {
            loop {
                match self.get(key).await {
                    Ok(Some(committed)) => return Ok(committed),
                    Err(ReadError::Lock(error)) => return Err(UpdateError::from(error).into()),
                    // The lock is waited for.
                    Ok(None) | Err(_) => {}
                }
                let instance = self.instance(key);
                let mut plan = InstancePlan::default();
                plan.add_access(&instance, self.address().index, AccessMode::Replace);
                plan.add_lock(&*instance.group().lock);
                let mut policy = WaitPolicy::OF_LOCK;
                let begun =
                    Transaction::begin(&plan, call_site, RunIn::SpawnedTask, &mut policy).await;
                let mut transaction = begun.map_err(UpdateError::from)?;
                transaction.set_task();
                let is_there = instance.group().chain().newest().is_committed();
                if is_there {
                    let seen = transaction.finish(false);
                    drop(transaction);
                    if let Ok(seen) = seen {
                        // If the store does not keep it, there is none after all.
                        drop(seen.durable().await);
                    }
                    continue;
                }
                let value = Arc::new(init().await?);
                transaction.arguments.replace(Arc::clone(&value) as Value);
                let receipt = transaction.finish(true).map_err(UpdateError::from)?;
                drop(transaction);
                let revision = receipt.revision().unwrap_or_default();
                receipt.durable().await.map_err(UpdateError::from)?;
                return Ok(Committed { value, revision });
            }
        }
    }
}
