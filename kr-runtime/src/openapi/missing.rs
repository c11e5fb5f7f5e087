//! What the document could not say, for whoever builds the application.

use crate::check::HandlerInfo;
use std::collections::BTreeMap;

/// Types of which the document does not say what they consist of, with the first handler that has each.
#[derive(Default)]
pub(super) struct AllMissing {
    schemas: BTreeMap<&'static str, String>,
    others: BTreeMap<&'static str, String>,
}

/// The same, for one handler.
pub(super) struct Missing<'a> {
    pub(super) handler: &'a HandlerInfo,
    pub(super) all: &'a mut AllMissing,
}

impl Missing<'_> {
    /// A type lacks a schema.
    pub(super) fn schema(&mut self, ty: &'static str) {
        if !ty.is_empty() {
            let handler = self.handler.to_string();
            self.all.schemas.entry(ty).or_insert(handler);
        }
    }

    /// Nothing is known of an extractor or a response.
    pub(super) fn other(&mut self, ty: &'static str) {
        let handler = self.handler.to_string();
        self.all.others.entry(ty).or_insert(handler);
    }
}

impl AllMissing {
    /// A sentence for each.
    pub(super) fn sentences(&self) -> Vec<String> {
        let schemas = self.schemas.iter().map(|(ty, handler)| {
            format!(
                "`{ty}` of {handler} has no schema, so the document says nothing of what it consists of; write \
                 `#[derive(schemars::JsonSchema)]` on it"
            )
        });
        let others = self.others.iter().map(|(ty, handler)| {
            format!(
                "the document does not say what `{ty}` of {handler} reads or responds with; implement \
                 `kr_runtime::DescribeRequest` or `DescribeResponse` for it"
            )
        });
        schemas.chain(others).collect()
    }
}
