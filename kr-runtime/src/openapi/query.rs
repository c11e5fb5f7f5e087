//! A query as parameters: each field of its type is one.

use serde_json::{Map, Value, json};

/// The parameters of a query whose schema this is. `whole` is the schema as others refer to it.
pub(super) fn parameters(schema: &Value, whole: Value) -> Vec<Value> {
    let fields = schema.as_object().filter(|schema| is_plain(schema));
    let Some(fields) = fields else {
        // All members of the object are parameters of their own, as in a form.
        return vec![json!({
            "name": "query",
            "in": "query",
            "style": "form",
            "explode": true,
            "schema": whole,
        })];
    };
    let required = fields.get("required").and_then(Value::as_array);
    let is_required =
        |name: &str| required.is_some_and(|required| required.iter().any(|field| field == name));
    let fields = fields.get("properties").and_then(Value::as_object);
    let fields = fields.into_iter().flatten();
    fields
        .map(|(name, schema)| parameter(name, schema.clone(), is_required(name)))
        .collect()
}

fn parameter(name: &str, schema: Value, is_required: bool) -> Value {
    let mut schema = without_null(schema);
    let mut parameter = Map::new();
    parameter.insert("name".to_owned(), json!(name));
    parameter.insert("in".to_owned(), json!("query"));
    if is_required {
        parameter.insert("required".to_owned(), json!(true));
    }
    if let Some(members) = schema.as_object_mut()
        && let Some(description) = members.remove("description")
    {
        parameter.insert("description".to_owned(), description);
    }
    parameter.insert("schema".to_owned(), schema);
    Value::Object(parameter)
}

/// Whether all fields are known, each by itself.
fn is_plain(schema: &Map<String, Value>) -> bool {
    let other = [
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "patternProperties",
        "unevaluatedProperties",
    ];
    let has_more = schema
        .get("additionalProperties")
        .is_some_and(|more| more != &Value::Bool(false));
    schema.contains_key("properties")
        && !has_more
        && !other.iter().any(|key| schema.contains_key(*key))
}

/// A parameter is there or not; it is never null.
fn without_null(schema: Value) -> Value {
    let Value::Object(mut schema) = schema else {
        return schema;
    };
    if schema.get("default").is_some_and(Value::is_null) {
        schema.remove("default");
    }
    for key in ["type", "enum"] {
        if let Some(Value::Array(options)) = schema.get_mut(key) {
            let null = if key == "type" {
                json!("null")
            } else {
                Value::Null
            };
            options.retain(|option| *option != null);
            if let (true, [one]) = (key == "type", options.as_slice()) {
                let one = one.clone();
                schema.insert(key.to_owned(), one);
            }
        }
    }
    if let Some(Value::Array(options)) = schema.get_mut("anyOf") {
        options.retain(|option| option.get("type").is_none_or(|ty| ty != "null"));
        if let [Value::Object(one)] = options.as_slice() {
            let one = one.clone();
            schema.remove("anyOf");
            schema.extend(one);
        }
    }
    Value::Object(schema)
}

#[cfg(test)]
mod tests {
    use super::parameters;
    use serde_json::{Value, json};

    fn of(schema: Value) -> Vec<Value> {
        parameters(&schema, json!({"$ref": "#/requests/Whole"}))
    }

    #[test]
    fn an_option_is_neither_required_nor_null() {
        let found = of(json!({
            "properties": {
                "after": {"type": ["string", "null"], "description": "The last one.", "default": null},
                "id": {"anyOf": [{"$ref": "#/requests/Id"}, {"type": "null"}]},
                "limit": {"type": "integer"}
            },
            "required": ["limit"],
            "type": "object"
        }));
        assert_eq!(
            found,
            [
                json!({"name": "after", "in": "query", "description": "The last one.", "schema": {"type": "string"}}),
                json!({"name": "id", "in": "query", "schema": {"$ref": "#/requests/Id"}}),
                json!({"name": "limit", "in": "query", "required": true, "schema": {"type": "integer"}}),
            ]
        );
    }

    #[test]
    fn a_query_with_other_members_is_taken_apart_by_the_client() {
        for schema in [
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            json!({"properties": {"a": {}}, "oneOf": [{}]}),
            json!(true),
        ] {
            let found = of(schema);
            assert_eq!(found[0]["explode"], true);
            assert_eq!(found[0]["schema"]["$ref"], "#/requests/Whole");
        }
    }
}
