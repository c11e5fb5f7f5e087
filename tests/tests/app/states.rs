//! States of axum's in handlers.

use crate::running::Running;
use crate::{Items, shop};
use axum::extract::{FromRef, FromRequestParts, State};
use axum::http::request::Parts;
use http::StatusCode;
use kr_runtime::WithState;
use kr_runtime::prelude::*;

#[derive(Clone)]
struct Key(&'static str);

struct Services {
    key: Key,
}

impl FromRef<Services> for Key {
    fn from_ref(services: &Services) -> Self {
        services.key.clone()
    }
}

/// An extractor like that of a signed cookie, which needs a key.
struct Signed(String);

impl<S> FromRequestParts<S> for Signed
where
    S: Send + Sync,
    Key: FromRef<S>,
{
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let Key(key) = Key::from_ref(state);
        match parts.headers.get("x-user") {
            Some(user) => Ok(Self(format!("{user:?} by {key}"))),
            None => Err((StatusCode::UNAUTHORIZED, "who are you?")),
        }
    }
}

#[kr_route(get, "/key")]
fn key(WithState(State(key), ..): WithState<Services, State<Key>>) -> String {
    key.0.to_owned()
}

#[kr_route(post, "/user")]
#[locked("items")]
fn user(
    items: &mut Items,
    WithState(signed, ..): WithState<Services, Signed>,
    WithState(State(number), ..): WithState<u32, State<u32>>,
    name: String,
) -> String {
    items.0.insert(number.into(), name);
    signed.0
}

#[tokio::test]
async fn handlers_extract_with_the_state_of_the_application() {
    let app = App::new("Shop", shop())
        .with_state(Services { key: Key("k") })
        .with_state(7_u32)
        .mount(routes![key, user]);
    let host = app.host();
    let running = Running::start(app);
    let mut client = running.client().await;
    assert_eq!(client.get("/key").await.text(), "k");
    let refused = client.post("/user").await;
    let refused = refused.problem(StatusCode::UNAUTHORIZED);
    assert_eq!(refused, "who are you?");
    let ada = [("x-user", "ada")];
    let post = http::Method::POST;
    let user = client.send_with(post, "/user", &ada, "helmet").await;
    assert_eq!(user.text(), "\"ada\" by k");
    assert_eq!(host.read::<Items>().await.unwrap().0[&7], "helmet");
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_state_that_is_missing_is_a_500() {
    let running = Running::start(App::new("Shop", shop()).mount(routes![key]));
    let mut client = running.client().await;
    let detail = client
        .get("/key")
        .await
        .problem(StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(detail, "an internal server error occurred");
    running.stop().await.unwrap();
}
