//! What a token or a session allows.

use super::cookie::session_id;
use super::level::Level;
use super::session::{Session, Sessions};
use super::token::Token;
use axum::http::{HeaderMap, header};
use std::sync::Arc;

/// Who may do what.
pub(crate) struct Access {
    full: Option<Token>,
    read: Option<Token>,
    sessions: Sessions,
}

/// How a request was let in.
#[derive(Clone)]
pub(crate) enum Admission {
    /// It comes from the own machine, and there is no token.
    Loopback,
    Bearer(Level),
    Session(Arc<Session>),
}

/// Why it was not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It has neither a token nor a session.
    Unknown,
    /// It has a wrong token.
    WrongToken,
}

impl Access {
    pub(crate) fn new(full: Option<Token>, read: Option<Token>) -> Self {
        Self {
            full,
            read,
            sessions: Sessions::default(),
        }
    }

    /// Whether there is a token at all.
    pub(crate) fn has_token(&self) -> bool {
        self.full.is_some() || self.read.is_some()
    }

    /// What a token allows. Both are compared, whichever it is.
    pub(crate) fn level(&self, token: &str) -> Option<Level> {
        let is = |known: &Option<Token>| known.is_some_and(|known| known.is(token));
        match (is(&self.full), is(&self.read)) {
            (true, _) => Some(Level::Full),
            (_, true) => Some(Level::Read),
            _ => None,
        }
    }

    /// Begins a session for somebody with a token. Returns it with its id.
    pub(crate) fn sign_in(&self, level: Level) -> Result<(String, Arc<Session>), getrandom::Error> {
        self.sessions.begin(level)
    }

    /// Ends the session that a request is of.
    pub(crate) fn sign_out(&self, headers: &HeaderMap, port: u16) {
        if let Some(id) = session_id(headers, port) {
            self.sessions.end(id);
        }
    }

    /// How a request with these headers is let in.
    pub(super) fn admit(&self, headers: &HeaderMap, port: u16) -> Result<Admission, Refusal> {
        if !self.has_token() {
            return Ok(Admission::Loopback);
        }
        if let Some(authorization) = headers.get(header::AUTHORIZATION) {
            let token = authorization.to_str().ok().and_then(bearer);
            let level = token.and_then(|token| self.level(token));
            return level.map(Admission::Bearer).ok_or(Refusal::WrongToken);
        }
        let session = session_id(headers, port).and_then(|id| self.sessions.find(id));
        session.map(Admission::Session).ok_or(Refusal::Unknown)
    }
}

/// The token in `Bearer …`. The word is compared without case (RFC 9110, section 11.1).
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

impl Admission {
    pub(crate) fn level(&self) -> Level {
        match self {
            Self::Loopback => Level::Read,
            Self::Bearer(level) => *level,
            Self::Session(session) => session.level,
        }
    }

    /// Who it is, for the log.
    pub(crate) fn who(&self) -> String {
        match self {
            Self::Loopback => "own machine".to_owned(),
            Self::Bearer(Level::Full) => "full token".to_owned(),
            Self::Bearer(Level::Read) => "read token".to_owned(),
            Self::Session(session) => format!("session {}", session.name),
        }
    }
}
