//! The query of a request.

use crate::http::Problem;
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde_json::Value;
use std::collections::HashMap;

/// The query of a request, by name.
pub(super) struct Params(HashMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let query = Query::<HashMap<String, String>>::from_request_parts(parts, state).await;
        match query {
            Ok(Query(params)) => Ok(Self(params)),
            Err(error) => Err(Problem::bad_request(error.to_string())),
        }
    }
}

impl Params {
    /// What a parameter says; empty without one.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// A key of a keyed state: the list of its parts, as JSON.
    pub(super) fn key(&self, name: &str) -> Result<Option<Value>, Problem> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        let key = serde_json::from_str(text);
        key.map(Some).map_err(|_| {
            Problem::bad_request(format!(
                "`{name}` is no key; write its parts as `[7]` or `[\"a\",7]`"
            ))
        })
    }

    /// A number; that one if there is none, and at most `most`.
    pub(super) fn limit(&self, default: usize, most: usize) -> Result<usize, Problem> {
        Ok(self.number("limit", default)?.clamp(1, most))
    }

    pub(super) fn number(&self, name: &str, default: usize) -> Result<usize, Problem> {
        let text = self.text(name);
        match text.is_empty() {
            true => Ok(default),
            false => text
                .parse()
                .map_err(|_| Problem::bad_request(format!("`{name}` is no number"))),
        }
    }
}
