//! Where an application listens.

use std::env;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};

/// The port when neither [`App::endpoint`](crate::App::endpoint) nor `PORT` says otherwise.
const DEFAULT_PORT: u16 = 5000;

/// Where to listen: a port on `127.0.0.1`, an address with a port, or a host name with a port.
///
/// Port 0 lets the system pick a free one.
///
/// ```
/// use kr_runtime::Endpoint;
/// use std::net::{Ipv6Addr, SocketAddr};
///
/// let local = Endpoint::from(8080);
/// let everyone = Endpoint::from("0.0.0.0:8080");
/// let v6 = Endpoint::from(SocketAddr::from((Ipv6Addr::LOCALHOST, 8080)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(Form);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Form {
    Address(SocketAddr),
    /// Resolved at start-up, so that a name that does not resolve is reported with everything else.
    Name(String),
}

impl From<u16> for Endpoint {
    fn from(port: u16) -> Self {
        Self::from(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    }
}

impl From<SocketAddr> for Endpoint {
    fn from(address: SocketAddr) -> Self {
        Self(Form::Address(address))
    }
}

impl From<(IpAddr, u16)> for Endpoint {
    fn from(address: (IpAddr, u16)) -> Self {
        Self::from(SocketAddr::from(address))
    }
}

impl From<&str> for Endpoint {
    fn from(name: &str) -> Self {
        Self(Form::Name(name.to_owned()))
    }
}

impl From<String> for Endpoint {
    fn from(name: String) -> Self {
        Self(Form::Name(name))
    }
}

/// The addresses to listen on. What is no address goes to `problems`, as a sentence each.
pub(crate) fn resolve(endpoints: &[Endpoint], problems: &mut Vec<String>) -> Vec<SocketAddr> {
    let mut addresses = Vec::new();
    if endpoints.is_empty() {
        match port_from(env::var("PORT")) {
            Ok(port) => addresses.push(SocketAddr::from((Ipv4Addr::LOCALHOST, port))),
            Err(problem) => problems.push(problem),
        }
    }
    for endpoint in endpoints {
        match &endpoint.0 {
            Form::Address(address) => addresses.push(*address),
            Form::Name(name) => match name.to_socket_addrs() {
                Ok(found) => addresses.extend(found),
                Err(error) => problems.push(format!(
                    "`{name}` is no address to listen on ({error}); write an address or host name with a port, such as \
                     `127.0.0.1:5000`"
                )),
            },
        }
    }
    addresses
}

fn port_from(variable: Result<String, env::VarError>) -> Result<u16, String> {
    let text = match variable {
        Ok(text) => text,
        Err(env::VarError::NotPresent) => return Ok(DEFAULT_PORT),
        Err(env::VarError::NotUnicode(text)) => text.to_string_lossy().into_owned(),
    };
    text.trim().parse().map_err(|_| {
        format!(
            "the environment variable PORT is `{text}`, which is no port; set it to a number from 0 to 65535 \
             (0 picks a free port), or unset it for {DEFAULT_PORT}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_word_it_is_port_5000() {
        assert_eq!(port_from(Err(env::VarError::NotPresent)), Ok(5000));
    }

    #[test]
    fn a_port_that_is_no_port_is_named_with_its_bounds() {
        for bad in ["70000", "-1", "http", ""] {
            let problem = port_from(Ok(bad.to_owned())).unwrap_err();
            assert!(
                problem.contains(&format!("`{bad}`")) && problem.contains("65535"),
                "{problem}"
            );
        }
    }

    #[test]
    fn every_endpoint_that_is_no_address_is_reported() {
        let mut problems = Vec::new();
        let endpoints = ["nowhere".into(), 0.into(), "127.0.0.1".into()];
        let addresses = resolve(&endpoints, &mut problems);
        assert_eq!((addresses.len(), problems.len()), (1, 2));
    }
}
