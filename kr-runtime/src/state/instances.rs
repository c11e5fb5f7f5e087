//! A view of all instances of a keyed state.

use super::committed::Committed;
use super::page::Page;
use super::shared_map::SharedMap;
use super::shared_state::SharedState;
use crate::lock::LockKey;
use crate::store::ReadError;
use std::fmt;

/// All instances of a keyed state, to be listed, counted and looked up by a handler.
///
/// A handler names the state's lock in `#[locked]` with `*` for the key. No lock is taken. What it reads are the last
/// committed values, each of its own moment.
///
/// ```
/// use kr_runtime::axum::extract::Query;
/// use kr_runtime::prelude::*;
/// use kr_runtime::{Instances, SharedMap};
///
/// #[derive(Clone, Default, SharedState)]
/// #[shared_state(lock = "product:{id}")]
/// struct Product {
///     price: u32,
/// }
///
/// #[derive(Host)]
/// struct Shop {
///     products: SharedMap<u64, Product>,
/// }
///
/// #[derive(Deserialize)]
/// struct List {
///     after: Option<u64>,
/// }
///
/// #[kr_route(get, "/products")]
/// #[locked("product:*")]
/// async fn list(
///     products: &Instances<u64, Product>,
///     Query(list): Query<List>,
/// ) -> Result<Json<Vec<u32>>, Problem> {
///     let page = products.page(list.after.as_ref(), 100).await?;
///     Ok(Json(page.entries.iter().map(|(_, product)| product.price).collect()))
/// }
///
/// let shop = Shop { products: SharedMap::new() };
/// let app = App::new("Shop", shop).mount(routes![list]);
/// ```
///
/// A unit test takes the view of a map: [`SharedMap::instances`].
pub struct Instances<K, S>(SharedMap<K, S>);

impl<K: LockKey, S: SharedState> SharedMap<K, S> {
    /// A view of all instances that changes none, as a handler gets it; for unit tests of such a handler.
    #[must_use]
    pub fn instances(&self) -> Instances<K, S> {
        Instances(self.clone())
    }
}

impl<K: LockKey, S: SharedState> Instances<K, S> {
    /// An instance, or `None` if there is none of that key.
    ///
    /// # Errors
    /// As [`SharedMap::read`].
    pub async fn get(&self, key: &K) -> Result<Option<Committed<S>>, ReadError> {
        self.0.get(key).await
    }

    /// The instances behind a key, or from the first, at most `limit` of them; see [`SharedMap::page`].
    ///
    /// # Errors
    /// As [`SharedMap::read`].
    pub async fn page(&self, after: Option<&K>, limit: usize) -> Result<Page<K, S>, ReadError> {
        self.0.page(after, limit).await
    }

    /// How many instances there are.
    ///
    /// # Errors
    /// As [`SharedMap::keys`].
    pub async fn len(&self) -> Result<usize, ReadError> {
        self.0.len().await
    }

    /// Whether there is no instance.
    ///
    /// # Errors
    /// As [`SharedMap::keys`].
    pub async fn is_empty(&self) -> Result<bool, ReadError> {
        self.0.is_empty().await
    }
}

impl<K, S> fmt::Debug for Instances<K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Instances").field(&self.0).finish()
    }
}
