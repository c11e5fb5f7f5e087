//! What a request consists of: captures, query, body and headers.

use crate::{Empty, document, operation};
use kr_runtime::axum::body::Bytes;
use kr_runtime::axum::extract::{Form, Path, Query};
use kr_runtime::axum::http::HeaderMap;
use kr_runtime::prelude::*;
use kr_runtime::{Routes, SharedMap};
use schemars::JsonSchema;
use serde_json::{Value, json};
use std::collections::HashMap;

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct Note {
    text: String,
    #[serde(default)]
    pinned: bool,
}

fn routes(list: Routes<Empty>) -> Routes<Empty> {
    list
}

#[kr_route(get, "/shelves/{shelf}/{book}")]
fn book(book: String, shelf: u32) -> String {
    format!("{shelf} {book}")
}

#[tokio::test]
async fn captures_are_parameters_of_their_types_in_the_order_of_the_path() {
    let operation = operation(routes![book], "get", "/shelves/{shelf}/{book}").await;
    assert_eq!(
        operation["parameters"],
        json!([
            {"in": "path", "name": "shelf", "required": true, "schema":
                {"type": "integer", "format": "uint32", "minimum": 0, "maximum": u32::MAX}},
            {"in": "path", "name": "book", "required": true, "schema": {"type": "string", "minLength": 1}},
        ])
    );
}

#[kr_route(get, "/pairs/{a}/{b}")]
fn pair(Path((a, b)): Path<(u8, bool)>) -> String {
    format!("{a} {b}")
}

#[derive(Deserialize, JsonSchema)]
struct Place {
    row: u8,
    column: bool,
}

#[kr_route(get, "/places/{row}/{column}")]
fn place(Path(Place { row, column }): Path<Place>) -> String {
    format!("{row} {column}")
}

#[tokio::test]
async fn captures_in_a_tuple_or_a_struct_have_the_types_of_its_fields() {
    for (list, path) in [
        (routes(routes![pair]), "/pairs/{a}/{b}"),
        (routes(routes![place]), "/places/{row}/{column}"),
    ] {
        let operation = operation(list, "get", path).await;
        let parameters = &operation["parameters"];
        assert_eq!(parameters[0]["schema"]["format"], "uint8", "{operation:#}");
        assert_eq!(parameters[1]["schema"]["type"], "boolean", "{operation:#}");
    }
}

#[kr_route(get, "/files/{*path}")]
fn file(path: String) -> String {
    path
}

#[tokio::test]
async fn a_capture_of_the_rest_of_the_path_has_no_star() {
    let operation = operation(routes![file], "get", "/files/{path}").await;
    assert_eq!(operation["parameters"][0]["name"], "path");
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code)]
struct Search {
    /// What to look for.
    word: String,
    first_only: Option<bool>,
    #[serde(default)]
    limit: i32,
    #[serde(flatten)]
    from: From,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code)]
struct From {
    after: Option<String>,
}

#[kr_route(get, "/search")]
fn search(Query(_): Query<Search>) -> &'static str {
    "nothing"
}

#[tokio::test]
async fn each_field_of_a_query_is_a_parameter_and_an_option_is_neither_required_nor_null() {
    let operation = operation(routes![search], "get", "/search").await;
    assert_eq!(
        operation["parameters"],
        json!([
            {"in": "query", "name": "after", "schema": {"type": "string"}},
            {"in": "query", "name": "firstOnly", "schema": {"type": "boolean"}},
            {"in": "query", "name": "limit", "schema":
                {"type": "integer", "format": "int32", "minimum": i32::MIN, "maximum": i32::MAX, "default": 0}},
            {"in": "query", "name": "word", "required": true, "description": "What to look for.",
                "schema": {"type": "string"}},
        ])
    );
}

#[kr_route(get, "/any")]
fn any_query(Query(_): Query<HashMap<String, String>>) -> &'static str {
    "nothing"
}

#[tokio::test]
async fn a_query_with_any_names_is_taken_apart_by_the_client() {
    let operation = operation(routes![any_query], "get", "/any").await;
    let parameter = &operation["parameters"][0];
    assert_eq!(parameter["explode"], true, "{operation:#}");
    assert_eq!(
        parameter["schema"]["additionalProperties"],
        json!({"type": "string"})
    );
}

#[kr_route(post, "/notes")]
fn add(Json(note): Json<Note>) -> String {
    note.text
}

#[kr_route(put, "/notes")]
fn maybe(note: Option<Json<Note>>) -> String {
    note.map_or_else(String::new, |Json(note)| note.text)
}

#[kr_route(post, "/form")]
fn form(Form(note): Form<Note>) -> String {
    note.text
}

#[kr_route(post, "/text")]
fn plain(text: String) -> String {
    text
}

#[kr_route(post, "/bytes")]
fn bytes(_headers: HeaderMap, bytes: Bytes) -> String {
    bytes.len().to_string()
}

#[tokio::test]
async fn a_body_has_the_type_of_its_content_and_says_whether_it_is_required() {
    let document = document(routes![add, maybe, form, plain, bytes]).await;
    let body = |path: &str, method: &str| document["paths"][path][method]["requestBody"].clone();
    let note = json!({"schema": {"$ref": "#/components/schemas/Note"}});
    assert_eq!(
        body("/notes", "post"),
        json!({"required": true, "content": {"application/json": note}})
    );
    assert_eq!(
        body("/notes", "put"),
        json!({"content": {"application/json": note}})
    );
    assert_eq!(
        body("/form", "post"),
        json!({"required": true, "content": {"application/x-www-form-urlencoded": note}})
    );
    assert_eq!(
        body("/text", "post"),
        json!({"required": true, "content": {"text/plain": {"schema": {"type": "string"}}}})
    );
    assert_eq!(
        body("/bytes", "post"),
        json!({"content": {"*/*": {"schema": {}}}})
    );
    let required = &document["components"]["schemas"]["Note"]["required"];
    assert_eq!(*required, json!(["text"]), "a default need not be sent");
}

#[kr_route(post, "/examples", tag = "notes", tag = "all", example = {"text": "buy bread", "pinned": true})]
fn with_an_example(Json(note): Json<Note>) -> String {
    note.text
}

#[tokio::test]
async fn tags_and_an_example_stand_in_the_attribute() {
    let document = document(routes![with_an_example]).await;
    let operation = &document["paths"]["/examples"]["post"];
    assert_eq!(operation["tags"], json!(["notes", "all"]));
    assert_eq!(
        document["tags"],
        json!([{"name": "all"}, {"name": "notes"}])
    );
    assert_eq!(
        operation["requestBody"]["content"]["application/json"]["example"],
        json!({"text": "buy bread", "pinned": true})
    );
}

#[derive(Clone, Default, Serialize, SharedState)]
#[shared_state(lock = "page:{id}")]
struct Page(String);

#[derive(Host)]
struct Pages {
    pages: SharedMap<u64, Page>,
}

#[kr_route(get, "/pages/{id}", etag, live)]
#[locked("page:{id}")]
fn show(id: u64, page: Option<&Page>) -> Result<Json<String>, Problem> {
    let page = page.ok_or_else(|| Problem::not_found(format!("there is no page {id}")))?;
    Ok(Json(page.0.clone()))
}

#[kr_route(put, "/pages/{id}", etag, idempotent)]
#[locked("page:{id}")]
fn write(id: u64, page: &mut Page, text: String) -> StatusCode {
    let _ = id;
    page.0 = text;
    StatusCode::NO_CONTENT
}

#[tokio::test]
async fn headers_that_attributes_make_sense_of_are_parameters() {
    let pages = Pages {
        pages: SharedMap::new(),
    };
    let app = App::new("Pages", pages).mount(routes![show, write]);
    let document = crate::document_of(app).await;
    let headers = |method: &str| -> Vec<Value> {
        let parameters = document["paths"]["/pages/{id}"][method]["parameters"].as_array();
        let headers = parameters.unwrap().iter();
        let headers = headers.filter(|parameter| parameter["in"] == "header");
        headers.map(|header| header["name"].clone()).collect()
    };
    assert_eq!(
        headers("get"),
        ["If-Match", "If-None-Match", "Last-Event-ID"]
    );
    assert_eq!(
        headers("put"),
        ["If-Match", "If-None-Match", "Idempotency-Key"]
    );
    let responses = |method: &str| document["paths"]["/pages/{id}"][method]["responses"].clone();
    for status in ["200", "304", "400", "404", "412", "500", "503"] {
        assert!(
            responses("get")[status].is_object(),
            "{status} of {:#}",
            responses("get")
        );
    }
    for status in ["204", "400", "409", "412", "413", "422", "500", "503"] {
        assert!(
            responses("put")[status].is_object(),
            "{status} of {:#}",
            responses("put")
        );
    }
    assert!(responses("get")["200"]["headers"]["ETag"].is_object());
    let content = &responses("get")["200"]["content"];
    assert!(content["text/event-stream"].is_object() && content["application/json"].is_object());
}
