//! What is in front of every request.

use super::level::Level;
use super::rules::{Access, Admission, Refusal};
use super::session::Session;
use crate::http::{Problem, has_own_origin, host_of, is_safe};
use crate::operations::problem::see_other;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::net::SocketAddr;
use std::sync::Arc;

/// Who sends a request, for handlers.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) admission: Admission,
    pub(crate) address: Option<SocketAddr>,
}

/// Where a request comes from; the listener says so.
#[derive(Clone, Copy)]
pub(crate) struct ClientAddress(pub(crate) SocketAddr);

/// Who may do what at this listener.
#[derive(Clone)]
pub(crate) struct Guarded {
    pub(crate) access: Arc<Access>,
    /// Of the listener.
    pub(crate) port: u16,
}

/// Those of them that no proxy sets are still enough to be behind one.
const PROXY_HEADERS: [&str; 3] = ["forwarded", "x-real-ip", "via"];

/// Lets requests in, or not.
pub(crate) async fn guard(
    State(guarded): State<Guarded>,
    mut request: Request,
    next: Next,
) -> Response {
    if has_token_in_query(request.uri()) {
        let detail = "a token in an address ends up in logs; send it in the header `Authorization: Bearer …`";
        return Problem::bad_request(detail).into_response();
    }
    // They say next to nothing, and what asks them has no token.
    if matches!(request.uri().path(), "/livez" | "/readyz") {
        return next.run(request).await;
    }
    let Guarded { access, port } = &guarded;
    if !access.has_token()
        && let Err(problem) = admit_loopback(&request, *port)
    {
        return problem.into_response();
    }
    let path = request.uri().path();
    let is_open = matches!(path, "/sign-in" | "/style.css" | "/page.js");
    let address = request.extensions().get::<ClientAddress>();
    let address = address.map(|ClientAddress(address)| *address);
    let changes = !is_safe(request.method().as_str());
    let admission = match access.admit(request.headers(), *port) {
        Ok(admission) => admission,
        Err(_) if is_open => {
            if changes && !has_own_origin(&request) {
                return cross_site();
            }
            return next.run(request).await;
        }
        Err(refusal) => return refused(refusal, &request, address),
    };
    if changes && matches!(admission, Admission::Session(_)) && !has_own_origin(&request) {
        return cross_site();
    }
    if changes && matches!(admission, Admission::Loopback) {
        return Problem::new(
            StatusCode::FORBIDDEN,
            "without a token nothing can be changed; start the service with `KR_OPERATIONS_TOKEN`",
        )
        .into_response();
    }
    request
        .extensions_mut()
        .insert(Client { admission, address });
    next.run(request).await
}

/// Whether a request really comes from the own machine, to a listener without a token.
fn admit_loopback(request: &Request, port: u16) -> Result<(), Problem> {
    let forbidden = |detail: &'static str| Err(Problem::new(StatusCode::FORBIDDEN, detail));
    let names = ["localhost", "127.0.0.1", "[::1]"].map(|name| format!("{name}:{port}"));
    let host = host_of(request).map(<[u8]>::to_ascii_lowercase);
    // A page of another site may have given its name our address.
    if !host.is_some_and(|host| names.iter().any(|name| name.as_bytes() == host)) {
        return forbidden(
            "without a token this address has to be named as `localhost` with its port",
        );
    }
    let headers = request.headers();
    let is_of_proxy =
        |name: &str| PROXY_HEADERS.contains(&name) || name.starts_with("x-forwarded-");
    if headers.keys().any(|name| is_of_proxy(name.as_str())) {
        return forbidden(
            "without a token nothing is answered through a proxy; start the service with `KR_OPERATIONS_TOKEN`",
        );
    }
    Ok(())
}

fn has_token_in_query(uri: &Uri) -> bool {
    let query = uri.query().unwrap_or_default();
    query.split('&').any(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        name.eq_ignore_ascii_case("token") || name.eq_ignore_ascii_case("access_token")
    })
}

fn cross_site() -> Response {
    let detail = "a page of another site or port may not start this request";
    Problem::new(StatusCode::FORBIDDEN, detail).into_response()
}

/// A person is sent to the form, a program gets 401.
fn refused(refusal: Refusal, request: &Request, address: Option<SocketAddr>) -> Response {
    let is_page = request.method() == "GET" && accepts_html(request.headers());
    if refusal == Refusal::WrongToken {
        tracing::warn!(client = ?address, path = request.uri().path(), "operations: a wrong token");
    } else if is_page {
        return see_other("sign-in");
    }
    let detail = "this needs a token, in the header `Authorization: Bearer …`";
    let mut response = Problem::new(StatusCode::UNAUTHORIZED, detail).into_response();
    response.headers_mut().insert(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Bearer realm=\"operations\""),
    );
    response
}

fn accepts_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter();
    let mut accepted = accepted.filter_map(|accepted| accepted.to_str().ok());
    accepted.any(|accepted| accepted.contains("text/html"))
}

/// Whether a form may change something: it is of the session that sends it. A bearer needs none, since no browser adds one
/// by itself.
pub(crate) fn admit_form(client: &Client, token: Option<&str>) -> Result<(), Problem> {
    match &client.admission {
        Admission::Session(session) if !token.is_some_and(|token| session.is_form_token(token)) => {
            Err(Problem::new(
                StatusCode::FORBIDDEN,
                "the form is of another session; load the page again",
            ))
        }
        _ => Ok(()),
    }
}

impl Client {
    /// Whether this client may do that.
    pub(crate) fn needs(&self, level: Level) -> Result<(), Problem> {
        match self.admission.level() >= level {
            true => Ok(()),
            false => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "this needs the full token",
            )),
        }
    }

    pub(crate) fn session(&self) -> Option<&Arc<Session>> {
        match &self.admission {
            Admission::Session(session) => Some(session),
            _ => None,
        }
    }

    /// Logs what this client does.
    pub(crate) fn log(&self, action: &str, detail: &str) {
        let who = self.admission.who();
        tracing::info!(who, client = ?self.address, action, detail, "operations");
    }
}
