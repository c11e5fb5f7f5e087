//! Types of which nothing is known: they are described as well as can be, no bound is put on them, and the log names them.

use crate::logged::logged;
use crate::{Empty, document};
use kr_runtime::axum::extract::FromRequestParts;
use kr_runtime::axum::http::request::Parts;
use kr_runtime::axum::response::Response;
use kr_runtime::prelude::*;
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
