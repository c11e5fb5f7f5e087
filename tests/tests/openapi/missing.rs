//! Types of which nothing is known: they are described as well as can be, no bound is put on them, and the log names them.

use crate::logged::logged;
use crate::{Empty, document};
use kr_runtime::axum::extract::FromRequestParts;
use kr_runtime::axum::http::request::Parts;
use kr_runtime::axum::response::Response;
use kr_runtime::prelude::*;
use kr_runtime::{DescribeRequest, DescribeResponse, RequestParts, Responses};
use serde_json::{Value, json};

#[derive(Serialize, Deserialize)]
struct Plain {
    text: String,
}

#[kr_route(post, "/plain")]
fn plain(Json(plain): Json<Plain>) -> Json<Plain> {
    Json(plain)
}

struct User(String);

impl<S: Sync> FromRequestParts<S> for User {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let user = parts
            .headers
            .get("x-user")
            .and_then(|user| user.to_str().ok());
        let user = user.ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "who are you?"))?;
        Ok(Self(user.to_owned()))
    }
}

struct Drawn;

impl IntoResponse for Drawn {
    fn into_response(self) -> Response {
        StatusCode::IM_A_TEAPOT.into_response()
    }
}

#[kr_route(get, "/own")]
fn own(user: User) -> Result<String, Drawn> {
    match user.0.is_empty() {
        true => Err(Drawn),
        false => Ok(user.0),
    }
}

/// As `User`, and says what it reads.
struct Known(String);

impl<S: Sync> FromRequestParts<S> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let user = User::from_request_parts(parts, state).await?;
        Ok(Self(user.0))
    }
}

impl DescribeRequest for Known {
    fn describe(request: &mut RequestParts<'_>) {
        request
            .header("X-User", "Who asks.")
            .refuses(StatusCode::UNAUTHORIZED);
    }
}

struct SoldOut;

impl IntoResponse for SoldOut {
    fn into_response(self) -> Response {
        Problem::conflict("it is sold out").into_response()
    }
}

impl DescribeResponse for SoldOut {
    fn describe(responses: &mut Responses<'_>) {
        responses
            .problem(StatusCode::CONFLICT)
            .text(StatusCode::ACCEPTED, "text/csv")
            .empty(StatusCode::GONE);
    }
}

#[kr_route(get, "/known")]
fn known(user: Known) -> Result<String, SoldOut> {
    match user.0.is_empty() {
        true => Err(SoldOut),
        false => Ok(user.0),
    }
}

#[tokio::test]
async fn an_extractor_and_a_response_may_say_what_they_are() {
    let document = document(routes![known]).await;
    let known = &document["paths"]["/known"]["get"];
    assert_eq!(
        known["parameters"],
        json!([{"in": "header", "name": "X-User", "description": "Who asks.", "schema": {"type": "string"}}])
    );
    let responses = known["responses"].as_object().unwrap();
    let statuses: Vec<&String> = responses.keys().collect();
    // The size of a body is looked at before the last extractor, whatever that reads.
    assert_eq!(statuses, ["200", "202", "401", "409", "410", "413", "500"]);
    let csv = json!({"text/csv": {"schema": {"type": "string"}}});
    assert_eq!(known["responses"]["202"]["content"], csv);
    assert_eq!(known["responses"]["410"]["content"], Value::Null);
}

#[tokio::test]
async fn a_type_without_a_schema_is_any_json() {
    let document = document(routes![plain, own]).await;
    let plain = &document["paths"]["/plain"]["post"];
    let any = json!({"application/json": {"schema": {}}});
    assert_eq!(plain["requestBody"]["content"], any);
    assert_eq!(plain["responses"]["200"]["content"], any);
    let own = &document["paths"]["/own"]["get"];
    assert_eq!(own["requestBody"], Value::Null);
    assert_eq!(own["responses"]["default"]["content"], Value::Null);
    assert_eq!(
        own["responses"]["200"]["content"],
        json!({"text/plain": {"schema": {"type": "string"}}})
    );
}

#[test]
fn the_log_names_each_type_and_what_to_write() {
    let (said, _router) = logged(|| {
        let app = App::new("Missing", Empty {}).mount(routes![plain, own]);
        app.openapi(kr_runtime::OpenApi::new("1"))
            .into_router()
            .unwrap()
    });
    for expected in [
        "`openapi::missing::Plain` of `plain` (POST /plain) has no schema",
        "write `#[derive(schemars::JsonSchema)]` on it",
        "does not say what `openapi::missing::User` of `own` (GET /own) reads",
        "does not say what `openapi::missing::Drawn` of `own` (GET /own) reads or responds with",
    ] {
        assert!(said.contains(expected), "{expected} is not in: {said}");
    }
    assert_eq!(said.matches("missing::Plain").count(), 1, "{said}");
}
