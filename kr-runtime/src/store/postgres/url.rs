//! The URL of a server: what libpq understands, as far as it makes sense here.

use std::path::PathBuf;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

/// A server, and how to get there.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) config: Config,
    pub(super) verify: Verify,
    /// The certificates that are trusted, in a file.
    pub(super) root_certificate: Option<PathBuf>,
}

/// What is asked of the server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verify {
    /// Nothing, as libpq's `sslmode=require` does.
    Nothing,
    /// That a trusted authority has signed it.
    Authority,
    /// That it is for the name of the host, too.
    Name,
}

/// How long making a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

impl Target {
    /// Reads a URL. The reason of an error does not repeat it: it may have a password.
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let (base, query) = url.split_once('?').unwrap_or((url, ""));
        let mut verify = Verify::Nothing;
        let mut root_certificate = None;
        let mut ssl_mode = None;
        let mut rest = Vec::new();
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            match parameter.split_once('=') {
                Some(("sslmode", mode)) => {
                    ssl_mode = Some(match mode {
                        "disable" => SslMode::Disable,
                        "allow" | "prefer" => SslMode::Prefer,
                        "require" => SslMode::Require,
                        "verify-ca" => {
                            verify = Verify::Authority;
                            SslMode::Require
                        }
                        "verify-full" => {
                            verify = Verify::Name;
                            SslMode::Require
                        }
                        _ => {
                            return Err(format!(
                                "`sslmode` is `{mode}`; write `disable`, `prefer`, `require`, `verify-ca` or `verify-full`"
                            ));
                        }
                    });
                }
                Some(("sslrootcert", path)) => {
                    root_certificate = Some(PathBuf::from(decode(path)?));
                }
                _ => rest.push(parameter),
            }
        }
        if verify == Verify::Nothing
            && ssl_mode == Some(SslMode::Require)
            && root_certificate.is_some()
        {
            // As libpq does.
            verify = Verify::Authority;
        }
        if verify != Verify::Nothing && root_certificate.is_none() {
            return Err(
                "a certificate is to be verified, and none is trusted; add `sslrootcert=` with a file of certificates"
                    .to_owned(),
            );
        }
        let url = match rest.is_empty() {
            true => base.to_owned(),
            false => format!("{base}?{}", rest.join("&")),
        };
        let mut config: Config = url
            .parse()
            .map_err(|error: tokio_postgres::Error| super::errors::text(&error))?;
        config.ssl_mode(ssl_mode.unwrap_or(SslMode::Prefer));
        if config.get_hosts().is_empty() {
            return Err("it names no server; write `postgres://user@host/database`".to_owned());
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        if config.get_application_name().is_none() {
            config.application_name("kr");
        }
        // A dead network is noticed: on its own a connection would wait for hours.
        config.keepalives_idle(Duration::from_secs(5));
        config.keepalives_interval(Duration::from_secs(2));
        config.keepalives_retries(3);
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(Duration::from_secs(10));
        }
        if config.get_hosts().len() > 1
            && config.get_target_session_attrs() == TargetSessionAttrs::Any
        {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        Ok(Self {
            config,
            verify,
            root_certificate,
        })
    }

    /// What it is called in messages, without user and password.
    pub(super) fn name(&self) -> String {
        let hosts = self.config.get_hosts().iter().enumerate();
        let hosts: Vec<String> = hosts
            .map(|(number, host)| {
                let ports = self.config.get_ports();
                let port = ports.get(number).or(ports.first()).copied().unwrap_or(5432);
                match host {
                    Host::Tcp(name) => format!("{name}:{port}"),
                    #[cfg(unix)]
                    Host::Unix(path) => format!("{}:{port}", path.display()),
                }
            })
            .collect();
        let database = self.config.get_dbname().or(self.config.get_user());
        format!(
            "PostgreSQL at {}, database {}",
            hosts.join(" or "),
            database.unwrap_or("of the user")
        )
    }
}

fn decode(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || (rest.next()? as char).to_digit(16);
        let (Some(high), Some(low)) = (digit(), digit()) else {
            return Err("a `%` is followed by something else than two digits".to_owned());
        };
        bytes.push((high * 16 + low) as u8);
    }
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_has_no_secret() {
        let target = Target::parse("postgres://ada:secret@db.example:5433/bank").unwrap();
        assert_eq!(
            target.name(),
            "PostgreSQL at db.example:5433, database bank"
        );
        for wrong in [
            "postgres://ada:secret@db/bank?sslmode=full",
            "postgres://ada:secret@db:port/bank",
            "postgres://ada:secret@db/bank?nonsense=1",
        ] {
            let error = Target::parse(wrong).unwrap_err();
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn what_is_to_be_verified_needs_a_certificate() {
        let error = Target::parse("postgres://a@db/b?sslmode=verify-full").unwrap_err();
        assert!(error.contains("sslrootcert"), "{error}");
        let target = Target::parse(
            "postgres://a@db/b?sslmode=verify-full&sslrootcert=certificates/a%20b.pem",
        )
        .unwrap();
        assert_eq!(target.verify, Verify::Name);
        assert_eq!(target.root_certificate, Some("certificates/a b.pem".into()));
    }
}
