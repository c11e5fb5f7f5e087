//! Where the operations listener is, and which tokens it takes.

use super::access::{Access, Token};
use std::env;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::time::Duration;

/// Where a service is operated, and by whom: a listener of its own with probes, metrics, a JSON API and pages.
///
/// [`from_env`](Self::from_env) reads it from the environment, so that whoever runs the service decides:
///
/// | variable | what it says |
/// |---|---|
/// | `KR_OPERATIONS` | the address, as `127.0.0.1:9000`, or a port of `127.0.0.1`; there is no listener without it |
/// | `KR_OPERATIONS_TOKEN` | the token that may do everything |
/// | `KR_OPERATIONS_READ_TOKEN` | a token that may see everything that is not secret, and change nothing |
///
/// Without a token the address must be one of the own machine, and nothing can be changed. Such a listener answers only
/// requests that name it exactly, as `localhost:9000`, and none that a proxy has passed on: behind one, everybody would be
/// on the own machine.
///
/// ```no_run
/// use kr_runtime::Operations;
/// use kr_runtime::prelude::*;
///
/// # #[derive(Host)]
/// # struct Empty {}
/// # #[tokio::main]
/// # async fn main() -> kr_runtime::Result<()> {
/// App::new("Empty", Empty {})
///     .operations(Operations::from_env())
///     .run()
///     .await
/// # }
/// ```
#[derive(Clone)]
pub struct Operations {
    /// None: there is no listener.
    address: Option<String>,
    token: Option<String>,
    read_token: Option<String>,
    pub(crate) heartbeat_limit: Duration,
}

/// The main runtime counts as alive for so long after its last heartbeat.
pub(crate) const HEARTBEAT_LIMIT: Duration = Duration::from_secs(10);

impl Operations {
    /// What the environment says; no listener without `KR_OPERATIONS`. A variable that is empty counts as not set.
    #[must_use]
    pub fn from_env() -> Self {
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            address: variable("KR_OPERATIONS"),
            token: variable("KR_OPERATIONS_TOKEN"),
            read_token: variable("KR_OPERATIONS_READ_TOKEN"),
            heartbeat_limit: HEARTBEAT_LIMIT,
        }
    }

    /// No listener.
    pub(crate) fn off() -> Self {
        Self {
            address: None,
            token: None,
            read_token: None,
            heartbeat_limit: HEARTBEAT_LIMIT,
        }
    }

    /// A listener at this address, as `127.0.0.1:9000`, or at a port of `127.0.0.1`. Port 0 picks a free one.
    #[must_use]
    pub fn at(address: impl Into<String>) -> Self {
        Self {
            address: Some(address.into()),
            ..Self::off()
        }
    }

    /// The token that may do everything.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// A token that may see everything that is not secret, and change nothing. A scraper of metrics needs no more.
    #[must_use]
    pub fn read_token(mut self, token: impl Into<String>) -> Self {
        self.read_token = Some(token.into());
        self
    }

    /// How long the runtime of the application may do nothing before `/livez` says so; 10 seconds unless set.
    #[must_use]
    pub fn heartbeat_limit(mut self, limit: Duration) -> Self {
        self.heartbeat_limit = limit;
        self
    }

    /// The address, and who may do what there; none if there is no listener. What is wrong goes to `problems`, a sentence
    /// each.
    pub(crate) fn resolve(&self, problems: &mut Vec<String>) -> Option<(SocketAddr, Access)> {
        let text = self.address.as_deref()?;
        let address = match text.trim().parse::<u16>() {
            Ok(port) => Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port))),
            Err(_) => text
                .trim()
                .to_socket_addrs()
                .ok()
                .and_then(|mut addresses| addresses.next()),
        };
        let Some(address) = address else {
            problems.push(format!(
                "`{text}` is no address for operations; write one like `127.0.0.1:9000`, or a port"
            ));
            return None;
        };
        let has_token = self.token.is_some() || self.read_token.is_some();
        if !has_token && !address.ip().is_loopback() {
            problems.push(format!(
                "operations at {address} would be open to everyone who reaches it; set `KR_OPERATIONS_TOKEN`, or listen \
                 at `127.0.0.1:{}`",
                address.port()
            ));
        }
        for (token, name) in [
            (&self.token, "KR_OPERATIONS_TOKEN"),
            (&self.read_token, "KR_OPERATIONS_READ_TOKEN"),
        ] {
            if token.as_ref().is_some_and(|token| token.trim().len() < 8) {
                problems.push(format!(
                    "the token of operations (`{name}`) is too short to keep anybody out; use one of 16 random characters \
                     or more"
                ));
            }
        }
        if self.token.is_some() && self.token == self.read_token {
            problems.push(
                "both tokens of operations are the same, so the one that only reads could do everything; give them \
                 different ones"
                    .to_owned(),
            );
        }
        let token = |text: &Option<String>| text.as_deref().map(Token::new);
        Some((
            address,
            Access::new(token(&self.token), token(&self.read_token)),
        ))
    }

    /// Whether there is a listener.
    pub(crate) fn is_on(&self) -> bool {
        self.address.is_some()
    }
}

/// Without its tokens.
impl fmt::Debug for Operations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operations")
            .field("address", &self.address)
            .field("has_token", &self.token.is_some())
            .field("has_read_token", &self.read_token.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(operations: &Operations) -> Vec<String> {
        let mut problems = Vec::new();
        operations.resolve(&mut problems);
        problems
    }

    #[test]
    fn only_the_own_machine_needs_no_token() {
        for address in ["9000", "127.0.0.1:9000", "[::1]:9000"] {
            assert!(problems(&Operations::at(address)).is_empty(), "{address}");
        }
        for address in ["0.0.0.0:9000", "[::]:9000", "192.168.1.7:9000"] {
            assert_eq!(problems(&Operations::at(address)).len(), 1, "{address}");
            let with_token = Operations::at(address).read_token("sixteen-letters!");
            assert!(problems(&with_token).is_empty(), "{address}");
        }
    }

    #[test]
    fn tokens_that_keep_nobody_out_are_refused() {
        let short = Operations::at("9000").token("1234567");
        assert!(problems(&short)[0].contains("too short"));
        let same = Operations::at("9000").token("sixteen-letters!");
        let same = same.read_token("sixteen-letters!");
        assert!(problems(&same)[0].contains("the same"));
    }

    #[test]
    fn what_is_no_address_is_named() {
        assert!(problems(&Operations::at("nowhere"))[0].starts_with("`nowhere` is no address"));
    }

    #[test]
    fn debug_shows_no_token() {
        let shown = format!("{:?}", Operations::at("9000").token("sixteen-letters!"));
        assert!(!shown.contains("sixteen"), "{shown}");
    }
}
