//! The responses of an operation: its own, and those that it may get from the way to its function.

use super::api::Api;
use super::missing::Missing;
use super::schemas::{Schemas, Side};
use super::statuses::{meaning, status};
use crate::check::{HandlerInfo, Method};
use crate::http::{Content, DescribedResponse, Description, Problem, Property, Status, TypeSchema};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The responses by their statuses.
#[derive(Default)]
pub(super) struct Responses(BTreeMap<String, Response>);

#[derive(Default)]
struct Response {
    reasons: Vec<String>,
    /// Schemas by the type of the content.
    content: BTreeMap<&'static str, Vec<Value>>,
    headers: Map<String, Value>,
}

/// All responses of a handler.
pub(super) fn responses(
    info: &HandlerInfo,
    description: &Description,
    api: &Api<'_>,
    schemas: &mut Schemas,
    missing: &mut Missing<'_>,
) -> Value {
    let mut all = Responses::default();
    for response in &description.responses {
        all.add_own(response, description, schemas, missing);
    }
    let problem = problem(schemas);
    for (status, reason) in refusals(info, description, api) {
        all.add_problem(&status.to_string(), reason, &problem);
    }
    if description.rejects_otherwise {
        all.0.entry("default".to_owned()).or_default();
    }
    all.add_properties(info.method, description);
    all.into_value()
}

/// The schema of a problem.
fn problem(schemas: &mut Schemas) -> Value {
    let problem = TypeSchema::of::<Problem>();
    schemas.of(Side::Response, problem).unwrap_or_default()
}

impl Responses {
    /// What the function itself responds with.
    fn add_own(
        &mut self,
        response: &DescribedResponse,
        description: &Description,
        schemas: &mut Schemas,
        missing: &mut Missing<'_>,
    ) {
        let place = response.place;
        let content = response.content.and_then(|content| match content {
            Content::Value(format, ty) => {
                let schema = schemas.of(Side::Response, ty).unwrap_or_else(|| {
                    missing.schema(ty.name());
                    json!({})
                });
                Some((format, schema))
            }
            // Headers beside it may say that it is something else.
            _ if place.has_headers => None,
            Content::Text(format) => Some((format, json!({"type": "string"}))),
            Content::Bytes("*/*") => None,
            Content::Bytes(format) => Some((format, json!({}))),
        });
        for status in statuses(response, description.statuses) {
            let known = self.0.entry(status).or_default();
            if let Some((format, schema)) = &content {
                known.add_content(format, schema.clone());
            }
            if response.status == Status::Redirect {
                let text = json!({"schema": {"type": "string", "format": "uri-reference"}});
                known.headers.insert("Location".to_owned(), text);
            }
        }
    }

    fn add_problem(&mut self, status: &str, reason: &str, problem: &Value) {
        let known = self.0.entry(status.to_owned()).or_default();
        known.reasons.push(reason.to_owned());
        known.add_content("application/problem+json", problem.clone());
        if status == "503" {
            let seconds = json!({"description": "Seconds.", "schema": {"type": "integer"}});
            known.headers.insert("Retry-After".to_owned(), seconds);
        }
    }

    /// What the attributes of the route add.
    fn add_properties(&mut self, method: Method, description: &Description) {
        let is_read = matches!(method, Method::Get | Method::Head);
        let is_success = |status: &str| status.starts_with('2');
        let has_tag = description.has(Property::Cached) || description.has(Property::Tagged);
        let tag = json!({
            "description": "Names this version.",
            "schema": {"type": "string"},
        });
        for (_, response) in self.0.iter_mut().filter(|(status, _)| is_success(status)) {
            if has_tag {
                response.headers.insert("ETag".to_owned(), tag.clone());
            }
            if description.has(Property::Live) {
                let stream = json!({
                    "type": "string",
                    "description": "Server-sent events, for a client that accepts these: the same response at once, and \
                                    again after every commit.",
                });
                response.add_content("text/event-stream", stream);
            }
        }
        if has_tag && is_read {
            let known = self.0.entry("304".to_owned()).or_default();
            known.headers.insert("ETag".to_owned(), tag);
        }
    }

    fn into_value(self) -> Value {
        let responses = self.0.into_iter();
        let responses = responses.map(|(status, response)| {
            let value = response.into_value(&status);
            (status, value)
        });
        Value::Object(responses.collect())
    }
}

impl Response {
    fn add_content(&mut self, format: &'static str, schema: Value) {
        let known = self.content.entry(format).or_default();
        if !known.contains(&schema) {
            known.push(schema);
        }
    }

    fn into_value(self, status: &str) -> Value {
        let mut value = Map::new();
        let description = match self.reasons.as_slice() {
            [] => meaning(status).to_owned(),
            reasons => format!("{}: {}", meaning(status), reasons.join("; or ")),
        };
        value.insert("description".to_owned(), json!(description));
        if !self.headers.is_empty() {
            value.insert("headers".to_owned(), Value::Object(self.headers));
        }
        let content = self.content.into_iter().map(|(format, mut schemas)| {
            let schema = match schemas.len() {
                1 => schemas.remove(0),
                _ => json!({ "anyOf": schemas }),
            };
            (format.to_owned(), json!({ "schema": schema }))
        });
        let content: Map<String, Value> = content.collect();
        if !content.is_empty() {
            value.insert("content".to_owned(), Value::Object(content));
        }
        Value::Object(value)
    }
}

/// The statuses that a response may have.
fn statuses(response: &DescribedResponse, named: &[&str]) -> Vec<String> {
    let named = named.iter().filter_map(|word| status(word));
    let is_error = response.place.is_error;
    match response.status {
        Status::Exactly(status) => vec![status.to_string()],
        Status::Redirect => vec!["3XX".to_owned()],
        Status::Any => vec!["default".to_owned()],
        Status::Named => {
            let fitting = named.filter(|status| (*status >= 400) == is_error);
            let fitting: Vec<String> = fitting.map(|status| status.to_string()).collect();
            match (fitting.is_empty(), is_error) {
                (false, _) => fitting,
                (true, false) => vec!["2XX".to_owned()],
                (true, true) => vec!["default".to_owned()],
            }
        }
        // Functions that are called may make others.
        Status::Problem => {
            let errors = named.filter(|status| *status >= 400);
            let errors = errors.map(|status| status.to_string());
            errors.chain(["default".to_owned()]).collect()
        }
    }
}

/// What a request may be refused with before or after its function runs, and why.
fn refusals(
    info: &HandlerInfo,
    description: &Description,
    api: &Api<'_>,
) -> Vec<(u16, &'static str)> {
    let mut refusals = Vec::new();
    let mut add = |applies: bool, status: u16, reason: &'static str| {
        if applies {
            refusals.push((status, reason));
        }
    };
    let rejects = |status: u16| description.rejections.contains(&status);
    let idempotent = description.has(Property::Idempotent);
    let tagged = description.has(Property::Tagged);
    add(rejects(400), 400, "a part of the request cannot be read");
    add(
        takes_two_of_a_kind(info),
        400,
        "two different things are needed, and one is named twice",
    );
    add(idempotent, 400, "`Idempotency-Key` is malformed");
    add(tagged, 400, "`If-Match` or `If-None-Match` is malformed");
    let changes = info.takes_locks || !crate::http::is_safe(info.method.as_str());
    add(
        api.is_same_site && changes,
        403,
        "a page of another site has started the request",
    );
    add(
        info.reads_body && api.is_server,
        408,
        "the body comes too slowly",
    );
    add(
        idempotent,
        409,
        "the request with this `Idempotency-Key` is still running",
    );
    add(
        tagged,
        412,
        "what the request names by its tag has changed since",
    );
    add(info.reads_body, 413, "the body is too large");
    add(rejects(415), 415, "the body is of another type");
    add(api.has_allowed_hosts, 421, "the request names another host");
    add(rejects(422), 422, "a part of the body cannot be read");
    add(
        idempotent,
        422,
        "this `Idempotency-Key` was used for another request",
    );
    let known = [400, 415, 422];
    let others = description.rejections.iter();
    for status in others.filter(|status| !known.contains(*status)) {
        add(true, *status, "an extractor refuses the request");
    }
    add(true, 500, "the handler failed, and nothing was changed");
    let waits = info.takes_locks || description.has(Property::Borrows);
    add(
        waits,
        503,
        "a lock was not free in time, or the store cannot be used",
    );
    add(
        info.reads_body && api.is_server,
        503,
        "there are too many bodies at once",
    );
    refusals
}

/// Whether two locks of one kind are asked for by keys that may be equal.
fn takes_two_of_a_kind(info: &HandlerInfo) -> bool {
    let kind = |lock: &str| lock.split('{').next().unwrap_or_default().to_owned();
    let templates: Vec<String> = info
        .locks
        .iter()
        .filter(|lock| lock.contains('{'))
        .map(|lock| kind(lock))
        .collect();
    let mut different = templates.clone();
    different.sort();
    different.dedup();
    different.len() < templates.len()
}
