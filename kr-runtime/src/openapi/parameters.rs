//! The parameters of an operation: captures of the path, the query, and headers.

use super::missing::Missing;
use super::query;
use super::schemas::{Schemas, Side};
use crate::check::Method;
use crate::http::{Description, Property, TypeSchema};
use serde_json::{Value, json};

/// Of a handler at a path, in the order: path, query, headers.
pub(super) fn parameters(
    method: Method,
    captures: &[Captured],
    description: &Description,
    schemas: &mut Schemas,
    missing: &mut Missing<'_>,
) -> Vec<Value> {
    let mut parameters = Vec::new();
    for capture in captures {
        parameters.push(of_path(capture, description, schemas, missing));
    }
    for ty in &description.queries {
        let whole = schema(*ty, schemas, missing);
        let resolved = schemas.resolved(Side::Request, &whole);
        parameters.extend(query::parameters(&resolved, whole));
    }
    parameters.extend(of_headers(method, description));
    parameters
}

/// A capture of a path.
pub(super) struct Captured {
    pub(super) name: String,
    /// Whether it takes the rest of the path.
    pub(super) is_rest: bool,
}

/// A path as OpenAPI writes it, and its captures.
pub(super) fn path(path: &str) -> (String, Vec<Captured>) {
    let mut captures = Vec::new();
    let segments = path.split('/').map(|segment| {
        let name = segment
            .strip_prefix('{')
            .and_then(|it| it.strip_suffix('}'));
        let Some(name) = name.filter(|_| !segment.starts_with("{{")) else {
            // Braces that stand for themselves.
            return segment.replace("{{", "%7B").replace("}}", "%7D");
        };
        let rest = name.strip_prefix('*');
        let name = rest.unwrap_or(name).to_owned();
        let segment = format!("{{{name}}}");
        let is_rest = rest.is_some();
        captures.push(Captured { name, is_rest });
        segment
    });
    let path = segments.collect::<Vec<_>>().join("/");
    (path, captures)
}

fn schema(ty: TypeSchema, schemas: &mut Schemas, missing: &mut Missing<'_>) -> Value {
    schemas.of(Side::Request, ty).unwrap_or_else(|| {
        missing.schema(ty.name());
        json!({})
    })
}

fn of_path(
    Captured { name, is_rest }: &Captured,
    description: &Description,
    schemas: &mut Schemas,
    missing: &mut Missing<'_>,
) -> Value {
    let mut captures = description.captures.iter();
    let known = captures.find(|(known, _)| known == name);
    let mut schema = match known {
        Some((_, ty)) => schema(*ty, schemas, missing),
        None => {
            let mut structs = description.capture_structs.iter();
            let found = structs.find_map(|ty| {
                let whole = schema(*ty, schemas, missing);
                let fields = schemas.resolved(Side::Request, &whole);
                fields["properties"].get(name).cloned()
            });
            found.unwrap_or_else(|| json!({"type": "string"}))
        }
    };
    // A router never takes an empty segment for a capture.
    if schema == json!({}) || schema == json!({"type": "string"}) {
        schema = json!({"type": "string", "minLength": 1});
    }
    let mut parameter = json!({"name": name, "in": "path", "required": true, "schema": schema});
    if *is_rest {
        parameter["description"] = json!("The rest of the path; it may have slashes.");
    }
    parameter
}

fn of_headers(method: Method, description: &Description) -> Vec<Value> {
    let is_read = matches!(method, Method::Get | Method::Head);
    let tagged = description.has(Property::Tagged);
    let mut headers = Vec::new();
    let mut header = |name: &str, description: &str, schema: Value| {
        headers.push(json!({
            "name": name,
            "in": "header",
            "description": description,
            "schema": schema,
        }));
    };
    for (name, text) in &description.headers {
        header(name, text, json!({"type": "string"}));
    }
    if tagged {
        header(
            "If-Match",
            "Tags of which the current one has to be one, or `*`.",
            tags(),
        );
    }
    if tagged || is_read && description.has(Property::Cached) {
        let text = match is_read {
            true => {
                "Tags of responses that the client has; if the current one is among them, it gets a 304."
            }
            false => {
                "Tags of which the current one must be none; `*` asks that there be nothing yet."
            }
        };
        // What is malformed saves a client that reads nothing, and is an error of one that changes something.
        let schema = if is_read {
            json!({"type": "string"})
        } else {
            tags()
        };
        header("If-None-Match", text, schema);
    }
    if description.has(Property::Idempotent) {
        header(
            "Idempotency-Key",
            "Names the request, so that it is done once, however often it is sent: a repetition gets the first response.",
            json!({"type": "string", "pattern": r#"^[A-Za-z0-9._~:/+-]{1,255}$|^"[A-Za-z0-9 ._~:/+-]{1,255}"$"#}),
        );
    }
    if description.has(Property::Live) {
        header(
            "Last-Event-ID",
            "Of an event stream that was interrupted: the id of the last event that has come.",
            json!({"type": "string"}),
        );
    }
    headers
}

/// The tags of `If-Match` and `If-None-Match`.
fn tags() -> Value {
    json!({
        "type": "string",
        "pattern": r#"^(\*|(W/)?"[A-Za-z0-9._-]*"(, ?(W/)?"[A-Za-z0-9._-]*")*)$"#
    })
}
