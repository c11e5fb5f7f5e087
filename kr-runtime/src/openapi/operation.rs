//! One operation: a handler at its path.

use super::api::{Api, DescribedRoute};
use super::missing::Missing;
use super::parameters::{Captured, parameters};
use super::responses::responses;
use super::schemas::{Schemas, Side};
use super::text::{summary, text};
use crate::http::Content;
use serde_json::{Map, Value, json};

pub(super) fn operation(
    route: &DescribedRoute<'_>,
    id: String,
    captures: &[Captured],
    api: &Api<'_>,
    schemas: &mut Schemas,
    missing: &mut Missing<'_>,
) -> Value {
    let DescribedRoute { info, description } = route;
    let mut operation = Map::new();
    let mut add = |name: &str, value: Value| operation.insert(name.to_owned(), value);
    add("operationId", json!(id));
    if !description.tags.is_empty() {
        add("tags", json!(description.tags));
    }
    let text = text(description.docs);
    let summary = summary(&text);
    if !summary.is_empty() {
        add("summary", json!(summary));
    }
    if text.trim_end_matches('.').replace('`', "") != summary {
        add("description", json!(text));
    }
    for ty in &description.unknown {
        missing.other(ty);
    }
    let parameters = parameters(info.method, captures, description, schemas, missing);
    if !parameters.is_empty() {
        add("parameters", Value::Array(parameters));
    }
    if let Some(body) = request_body(route, schemas, missing) {
        add("requestBody", body);
    }
    add(
        "responses",
        responses(info, description, api, schemas, missing),
    );
    let locks = locks(route);
    if !locks.is_empty() {
        add("x-kr-locks", Value::Array(locks));
    }
    Value::Object(operation)
}

/// The locks of the handler's states: those that it holds while it runs, and those that it names to read.
fn locks(DescribedRoute { info, description }: &DescribedRoute<'_>) -> Vec<Value> {
    let mode = match info.takes_locks {
        true => "exclusive",
        false => "read",
    };
    let named = info.locks.iter().map(|lock| (lock, mode));
    let listed = description.listed.iter().map(|lock| (lock, "read"));
    let locks = named.chain(listed);
    locks
        .map(|(lock, mode)| json!({"lock": lock, "mode": mode}))
        .collect()
}

fn request_body(
    route: &DescribedRoute<'_>,
    schemas: &mut Schemas,
    missing: &mut Missing<'_>,
) -> Option<Value> {
    let body = route.description.body.as_ref()?;
    let (format, schema) = match body.content {
        Content::Value(format, ty) => {
            let schema = schemas.of(Side::Request, ty).unwrap_or_else(|| {
                missing.schema(ty.name());
                json!({})
            });
            (format, schema)
        }
        Content::Text(format) => (format, json!({"type": "string"})),
        Content::Bytes(format) => (format, json!({})),
    };
    let mut content = json!({ "schema": schema });
    if let Some(example) = &route.description.example {
        content["example"] = example.clone();
    }
    let mut value = json!({ "content": { format: content } });
    if body.is_required {
        value["required"] = json!(true);
    }
    Some(value)
}
