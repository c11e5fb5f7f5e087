//! Which requests the handlers of an application accept, by where they were sent and from where.

use super::host_header::{self, AllowedHosts};
use super::problem::Problem;
use super::same_site;
use axum::extract::Request;
use axum::http::StatusCode;

/// What an application asks of every request.
#[derive(Debug, Default)]
pub(crate) struct RequestPolicy {
    pub(crate) allowed_hosts: Option<AllowedHosts>,
    pub(crate) same_site: bool,
}

impl RequestPolicy {
    /// Whether any request may be refused.
    pub(crate) fn is_some(&self) -> bool {
        self.allowed_hosts.is_some() || self.same_site
    }

    /// What is wrong with the request, if anything. `changes` says whether it may change something.
    pub(crate) fn refuse(&self, request: &Request, changes: bool) -> Option<Problem> {
        if let Some(allowed) = &self.allowed_hosts
            && !host_header::host(request).is_some_and(|host| allowed.contains(host))
        {
            let detail = "this server does not answer for the host that the request names";
            return Some(Problem::new(StatusCode::MISDIRECTED_REQUEST, detail));
        }
        if self.same_site && changes && !same_site::is_same_site(request) {
            let detail = "a page of another site may not start this request";
            return Some(Problem::new(StatusCode::FORBIDDEN, detail));
        }
        None
    }
}

/// Whether requests of this method change nothing, as RFC 9110 has it in section 9.2.1.
pub(crate) fn is_safe(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "OPTIONS" | "TRACE")
}
