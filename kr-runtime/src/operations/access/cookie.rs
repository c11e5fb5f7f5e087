//! The cookie of a session.

use axum::http::{HeaderMap, header};

/// Cookies know no ports: the services of one machine would overwrite each other's.
fn name(port: u16) -> String {
    format!("kr-operations-{port}")
}

/// The id of the session that a request is of.
pub(super) fn session_id(headers: &HeaderMap, port: u16) -> Option<&str> {
    let name = name(port);
    let cookies = headers.get_all(header::COOKIE).iter();
    cookies
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(known, id)| (known == name).then_some(id))
}

/// The cookie of a session. Over HTTPS it is sent over nothing else.
pub(crate) fn cookie(port: u16, id: &str, is_https: bool) -> String {
    let secure = if is_https { "; Secure" } else { "" };
    format!(
        "{}={id}; Path=/; HttpOnly; SameSite=Strict{secure}",
        name(port)
    )
}

/// Takes the cookie back.
pub(crate) fn expired_cookie(port: u16) -> String {
    format!("{}; Max-Age=0", cookie(port, "", false))
}
