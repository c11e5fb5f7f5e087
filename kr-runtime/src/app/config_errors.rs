//! What is wrong with an application, apart from where it listens.

use super::builder::App;
use crate::host::Host;
use crate::http::RouteEntry;
use crate::snapshot;
use crate::state::{attach, register};
use std::collections::{HashMap, HashSet};

impl<H: Host> App<H> {
    /// A sentence for each error.
    pub(super) fn config_errors(&self) -> Vec<String> {
        let mut errors = Vec::new();
        errors.extend(self.root.as_deref().and_then(snapshot::root_error));
        let fields = self.host.fields();
        if let Err(error) = register(&fields) {
            errors.push(error.to_string());
        } else if let Some(store) = self.store.core() {
            if let (Some(reading), Some(bytes)) = (&store.reading, self.instance_memory) {
                reading.budget.set_limit(bytes);
            }
            errors.extend(attach(&fields, &self.storage, store));
        }
        for prefix in &self.parts.prefixes {
            if !prefix.starts_with('/') || prefix.ends_with('/') || prefix.contains(['{', '}']) {
                errors.push(format!(
                    "`{prefix}` is no prefix for `mount_at`; write one like `/api`, without a slash at the end or captures"
                ));
            }
        }
        let bindings = self.entries().flat_map(|entry| (entry.borrows)(&self.host));
        errors.extend(bindings.filter_map(|binding| binding.error));
        self.route_errors(&mut errors);
        errors
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = &RouteEntry<H>> {
        self.routes.iter().flat_map(|routes| &routes.entries)
    }

    /// What `routes!` cannot see in lists that were mounted separately, and what axum would panic on.
    fn route_errors(&self, errors: &mut Vec<String>) {
        let mut known = HashMap::new();
        let mut paths = HashSet::new();
        let mut router = matchit::Router::new();
        for RouteEntry { info, .. } in self.entries() {
            if let Some(other) = known.insert((info.method, info.path), info) {
                errors.push(format!(
                    "{info} and {other} answer the same requests; mount one of them"
                ));
            } else if paths.insert(info.path)
                && let Err(error) = router.insert(info.path, ())
            {
                errors.push(format!("{info} conflicts with the other routes: {error}"));
            }
        }
    }
}
