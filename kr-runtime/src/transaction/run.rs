//! A transaction from beginning to end, for code outside handlers.

use super::access_plan::AccessPlan;
use super::active::{RunIn, Transaction};
use super::arguments::Arguments;
use crate::lock::{CallSite, LockRef, WaitPolicy};
use crate::store::{Chain, GroupRef, UpdateError};

/// Runs code on drafts, commits them unless it fails, and waits until that is durable.
pub(crate) async fn update<G: GroupRef, L: LockRef<Value = Chain>, R, E: From<UpdateError>>(
    plan: &AccessPlan<G, L>,
    call_site: CallSite,
    run: impl FnOnce(&mut Arguments) -> Result<R, E>,
) -> Result<R, E> {
    let mut policy = WaitPolicy::OF_LOCK;
    let transaction = Transaction::begin(plan, call_site, RunIn::CurrentTask, &mut policy).await;
    let mut transaction = transaction.map_err(UpdateError::from)?;
    let result = run(&mut transaction.arguments);
    let receipt = transaction.finish(result.is_ok());
    drop(transaction);
    let receipt = receipt.map_err(UpdateError::from)?;
    receipt.durable().await.map_err(UpdateError::from)?;
    result
}

/// As [`update`], with a thread that waits.
pub(crate) fn update_blocking<G: GroupRef, L: LockRef<Value = Chain>, R, E: From<UpdateError>>(
    plan: &AccessPlan<G, L>,
    call_site: CallSite,
    run: impl FnOnce(&mut Arguments) -> Result<R, E>,
) -> Result<R, E> {
    let mut policy = WaitPolicy::OF_LOCK;
    let transaction = Transaction::begin_blocking(plan, call_site, &mut policy);
    let mut transaction = transaction.map_err(UpdateError::from)?;
    let result = run(&mut transaction.arguments);
    let receipt = transaction.finish(result.is_ok());
    drop(transaction);
    let receipt = receipt.map_err(UpdateError::from)?;
    receipt.durable_blocking().map_err(UpdateError::from)?;
    result
}
