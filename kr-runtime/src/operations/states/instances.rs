//! The instances of a keyed state, in pages.

use super::value;
use crate::operations::service::Service;
use crate::state::{HostField, StateType};
use crate::store::{EntryRef, Instance, InstanceList, key_from_json, key_to_json};
use serde::Serialize;
use serde_json::Value as Json;
use std::sync::Arc;

/// Some instances of a keyed state.
#[derive(Serialize)]
pub(crate) struct InstancesView {
    pub(crate) items: Vec<InstanceView>,
    /// The key behind which the next page begins.
    pub(crate) next: Option<Json>,
}

/// An instance of a keyed state.
#[derive(Serialize)]
pub(crate) struct InstanceView {
    /// The name of its lock.
    pub(crate) name: String,
    /// Its key: a list of its parts.
    pub(crate) key: Json,
    pub(crate) revision: Option<u64>,
    /// The beginning of its value.
    pub(crate) preview: String,
    /// Why it cannot be shown.
    pub(crate) error: Option<String>,
}

/// A keyed state.
#[derive(Clone)]
pub(crate) struct Keyed {
    pub(crate) state: StateType,
    list: Arc<dyn InstanceList>,
    index: usize,
}

/// How much of a value a list shows.
const PREVIEW: usize = 160;

impl Keyed {
    /// The keyed state of that name.
    pub(crate) fn find(service: &Service, name: &str) -> Option<Self> {
        let fields = service.host.state_fields();
        fields.iter().find_map(|field| match field {
            HostField::Keyed(keyed) if keyed.state_type().name == name => {
                let (list, index) = keyed.list()?;
                Some(Self {
                    state: *keyed.state_type(),
                    list,
                    index,
                })
            }
            _ => None,
        })
    }

    /// The instances behind a key, or from the first, with `search` in the names of their locks.
    ///
    /// # Errors
    /// Why they cannot be listed.
    pub(crate) async fn page(
        &self,
        after: Option<&Json>,
        search: &str,
        limit: usize,
    ) -> Result<InstancesView, String> {
        let after = match after {
            Some(key) => Some(self.bytes(key).ok_or("`after` is no key of this state")?),
            None => None,
        };
        let list = Arc::clone(&self.list);
        let search = search.trim().to_lowercase();
        let page = match search.is_empty() {
            true => list.page(after, limit),
            false => {
                let matches = move |name: &str| name.contains(&search);
                list.search(after, limit, Box::new(matches))
            }
        };
        let page = page.await.map_err(|error| error.to_string())?;
        let mut view = InstancesView {
            items: Vec::with_capacity(page.instances.len()),
            next: page.next.and_then(|key| self.json(&key)),
        };
        for listed in page.instances {
            let shown = value::listed(self.state, &listed.found, self.index).await;
            let mut item = InstanceView {
                name: listed.name,
                key: self.json(&listed.key).unwrap_or(Json::Null),
                revision: None,
                preview: String::new(),
                error: None,
            };
            match shown {
                Ok(Some(shown)) => {
                    item.revision = Some(shown.revision);
                    item.preview = shown.json.as_ref().map(preview).unwrap_or_default();
                }
                // It was removed a moment ago.
                Ok(None) => continue,
                Err(reason) => item.error = Some(reason),
            }
            view.items.push(item);
        }
        Ok(view)
    }

    /// The instance of a key; `None` if that is no key.
    pub(crate) fn instance(&self, key: &Json) -> Option<EntryRef<Instance>> {
        let bytes = self.bytes(key)?;
        self.list.find(&bytes)
    }

    /// As [`instance`](Self::instance), if it is in memory; this is no use of it.
    pub(super) fn peek(&self, key: &Json) -> Option<EntryRef<Instance>> {
        let bytes = self.bytes(key)?;
        self.list.peek(&bytes)
    }

    pub(crate) fn index(&self) -> usize {
        self.index
    }

    fn bytes(&self, key: &Json) -> Option<Vec<u8>> {
        key_from_json(self.state.lock, key)
    }

    fn json(&self, key: &[u8]) -> Option<Json> {
        key_to_json(self.state.lock, key)
    }
}

/// The beginning of a value.
fn preview(json: &Json) -> String {
    let mut text = json.to_string();
    if text.len() > PREVIEW {
        text.truncate(text.floor_char_boundary(PREVIEW));
        text.push('…');
    }
    text
}
