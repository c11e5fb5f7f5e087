//! TLS, as the parameters of the URL say, with certificates made for the test.

use kr_runtime::Store;
use kr_tests::postgres::Postgres;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

/// Makes a certificate for `localhost` that signs itself; `false`, said aloud, where that cannot be done.
fn make_certificate(folder: &Path, name: &str) -> bool {
    let made = Command::new("openssl")
        .args([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        ])
        .args(["-subj", &format!("/CN={name}")])
        .args(["-addext", &format!("subjectAltName=DNS:{name}")])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(folder.join("server.key"))
        .arg("-out")
        .arg(folder.join("server.crt"))
        .output();
    let is_made = made.is_ok_and(|output| output.status.success());
    if !is_made {
        eprintln!("NOT TESTED: openssl is not installed, which makes certificates");
    }
    is_made
}

#[test]
fn a_certificate_is_verified_as_the_url_says() {
    let folder = tempfile::tempdir().unwrap();
    let others = tempfile::tempdir().unwrap();
    if !make_certificate(folder.path(), "localhost") || !make_certificate(others.path(), "other") {
        return;
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let key = folder.path().join("server.key");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    if let Some((user, group)) = kr_tests::postgres::unprivileged() {
        chown(&key, Some(user), Some(group)).unwrap();
    }
    let certificate = folder.path().join("server.crt");
    let settings = format!(
        "ssl = on\nssl_cert_file = '{}'\nssl_key_file = '{}'",
        certificate.display(),
        key.display()
    );
    let Some(server) = Postgres::start(&settings) else {
        return;
    };
    let url = |host: &str, rest: &str| {
        let url = server.url("postgres").replace("127.0.0.1", host);
        format!("{url}?{rest}")
    };
    let trusted = format!("sslrootcert={}", certificate.display());
    let untrusted = format!("sslrootcert={}", others.path().join("server.crt").display());
    for works in [
        url("localhost", &format!("sslmode=verify-full&{trusted}")),
        url("127.0.0.1", &format!("sslmode=verify-ca&{trusted}")),
        url("127.0.0.1", "sslmode=require"),
        url("127.0.0.1", "sslmode=disable"),
        url("127.0.0.1", ""),
    ] {
        if let Err(error) = Store::connect(&works) {
            panic!("{works}: {error}");
        }
    }
    for refused in [
        url("127.0.0.1", &format!("sslmode=verify-full&{trusted}")),
        url("localhost", &format!("sslmode=verify-full&{untrusted}")),
        url("localhost", &format!("sslmode=verify-ca&{untrusted}")),
        url("localhost", &format!("sslmode=require&{untrusted}")),
    ] {
        let error = Store::connect(&refused).expect_err(&refused).to_string();
        assert!(error.contains("certificate"), "{refused}: {error}");
    }
}
