//! Signing in with a token, and out.

use super::shell::bare;
use crate::http::Problem;
use crate::operations::access::{Client, ClientAddress, admit_form, cookie, expired_cookie};
use crate::operations::problem::see_other;
use crate::operations::shared::Shared;
use axum::Extension;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;
use serde::Deserialize;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;

/// How long whoever has a wrong token waits.
const PENALTY: Duration = Duration::from_millis(500);

pub(super) async fn page() -> Response {
    form(StatusCode::OK, None)
}

fn form(status: StatusCode, error: Option<&str>) -> Response {
    let content = html! {
        form method="post" action="sign-in" {
            label for="secret" { "Token" }
            input #secret type="password" name="secret" autocomplete="current-password" required autofocus;
            button { "Sign in" }
        }
        @if let Some(error) = error {
            p.problem role="alert" { (error) }
        }
        p.note { "The token is what the service was started with, in " code { "KR_OPERATIONS_TOKEN" } " or "
            code { "KR_OPERATIONS_READ_TOKEN" } "." }
    };
    bare(status, "Sign in", &content)
}

#[derive(Deserialize)]
pub(super) struct SignIn {
    secret: String,
}

pub(super) async fn sign_in(
    State(shared): State<Arc<Shared>>,
    address: Option<Extension<ClientAddress>>,
    headers: HeaderMap,
    Form(SignIn { secret }): Form<SignIn>,
) -> Response {
    let address = address.map(|Extension(ClientAddress(address))| address);
    let access = &shared.guarded.access;
    let Some(level) = access.level(secret.trim()) else {
        tracing::warn!(client = ?address, "operations: somebody tried to sign in with a wrong token");
        sleep(PENALTY).await;
        return form(StatusCode::UNAUTHORIZED, Some("That is not the token."));
    };
    let Ok((id, session)) = access.sign_in(level) else {
        return Problem::internal().into_response();
    };
    tracing::info!(client = ?address, session = session.name, ?level, "operations: signed in");
    let origin = headers.get(header::ORIGIN);
    let is_https = origin.is_some_and(|origin| origin.as_bytes().starts_with(b"https://"));
    with_cookie(see_other("./"), &cookie(shared.guarded.port, &id, is_https))
}

#[derive(Deserialize)]
pub(super) struct SignOut {
    form: String,
}

pub(super) async fn sign_out(
    State(shared): State<Arc<Shared>>,
    Extension(client): Extension<Client>,
    headers: HeaderMap,
    Form(SignOut { form }): Form<SignOut>,
) -> Result<Response, Problem> {
    admit_form(&client, Some(&form))?;
    let port = shared.guarded.port;
    shared.guarded.access.sign_out(&headers, port);
    client.log("sign out", "");
    Ok(with_cookie(see_other("sign-in"), &expired_cookie(port)))
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
