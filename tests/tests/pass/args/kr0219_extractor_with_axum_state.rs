//! KR0219: the state that it asks for, made from axum's `()`.

use kr_runtime::axum::extract::{FromRef, FromRequestParts};
use kr_runtime::axum::http::request::Parts;
use kr_runtime::prelude::*;

struct Realm(&'static str);

impl FromRef<()> for Realm {
    fn from_ref((): &()) -> Self {
        Self("example.com")
    }
}

struct User(String);

impl<S: Send + Sync> FromRequestParts<S> for User
where
    Realm: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Self(format!("anna@{}", Realm::from_ref(state).0)))
    }
}

#[kr_route(get, "/me")]
fn me(user: User) -> String {
    user.0
}

fn main() {}
