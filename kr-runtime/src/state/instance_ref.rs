//! One instance of a keyed state, among states that are read or changed together.

use super::state_type::StateType;
use crate::store::{EntryRef, Instance};
use std::fmt;
use std::marker::PhantomData;

/// One instance of a keyed state, to be read or changed together with other states;
/// [`SharedMap::at`](crate::SharedMap::at) makes it.
///
/// ```
/// # use kr_runtime::SharedMap;
/// # use kr_runtime::prelude::*;
/// # #[derive(Clone, Default, SharedState)]
/// # #[shared_state(lock = "cart:{id}")]
/// # struct Cart { items: u32 }
/// # #[derive(Clone, SharedState)]
/// # #[shared_state(lock = "stock")]
/// # struct Stock(u32);
/// # #[derive(Host)]
/// # struct Shop { stock: Shared<Stock>, carts: SharedMap<u64, Cart> }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), kr_runtime::UpdateError> {
/// # let shop = Shop { stock: Shared::new(Stock(9)), carts: SharedMap::new() };
/// shop.update_many((&shop.stock, &shop.carts.at(&7)), |(stock, cart)| {
///     stock.0 -= 1;
///     cart.items += 1;
/// })
/// .await?;
/// # Ok(())
/// # }
/// ```
pub struct InstanceRef<K, S> {
    pub(crate) instance: EntryRef<Instance>,
    pub(crate) state_type: StateType,
    pub(crate) index: usize,
    pub(super) of: PhantomData<fn() -> (K, S)>,
}

impl<K, S> fmt::Debug for InstanceRef<K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstanceRef")
            .field("name", &self.state_type.name)
            .field("lock", &self.instance.group().lock.key())
            .finish_non_exhaustive()
    }
}
