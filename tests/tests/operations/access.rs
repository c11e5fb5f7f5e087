//! Who is let in, and who may change something.

use crate::service::{FULL, Operated, READ, raw};
use http::Method;
use kr_runtime::Operations;
use kr_tests::{Client, Response};
use std::net::SocketAddr;

fn without_token() -> Operated {
    Operated::start(Operations::at("127.0.0.1:0"))
}

#[tokio::test]
async fn without_a_token_the_own_machine_may_look() {
    let operated = without_token();
    let port = operated.operations.port();
    for host in ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"] {
        let request = format!("GET /api/states HTTP/1.1\r\nhost: {host}:{port}\r\n\r\n");
        assert_eq!(raw(operated.operations, &request).await, 200, "{host}");
    }
}

#[tokio::test]
async fn without_a_token_another_name_for_this_machine_is_refused() {
    let operated = without_token();
    let port = operated.operations.port();
    for host in [
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.evil.example:{port}"),
        format!("evil.example:{port}"),
        "localhost".to_owned(),
        format!("localhost:{}", port.wrapping_add(1)),
        format!("127.0.0.1:{port}0"),
        String::new(),
    ] {
        for path in ["/", "/api/states", "/metrics", "/events"] {
            let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n");
            assert_eq!(raw(operated.operations, &request).await, 403, "{host}");
        }
    }
}

#[tokio::test]
async fn without_a_token_nothing_is_answered_through_a_proxy() {
    let operated = without_token();
    for header in [
        "x-forwarded-for",
        "X-Forwarded-Host",
        "x-forwarded-anything",
        "forwarded",
        "x-real-ip",
        "via",
    ] {
        let response = operated
            .get_with("/api/states", &[(header, "9.9.9.9")])
            .await;
        assert_eq!(response.status, 403, "{header}");
    }
}

#[tokio::test]
async fn without_a_token_nothing_is_changed() {
    let operated = without_token();
    let mut client = Client::connect(operated.operations).await;
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        for path in ["/", "/sign-out", "/api/states", "/api/states/Page"] {
            let response = client.send(method.clone(), path, None, "").await;
            assert_eq!(response.status, 403, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn with_a_token_nobody_looks_without_one() {
    let operated = Operated::with_tokens();
    for path in [
        "/api/states",
        "/metrics",
        "/events",
        "/api/states/Page",
        "/nothing",
    ] {
        let response = operated.get_with(path, &[]).await;
        let problem = response.problem(http::StatusCode::UNAUTHORIZED);
        assert!(problem.contains("Bearer"), "{problem}");
        assert!(response.header("www-authenticate").starts_with("Bearer"));
        for token in [
            "",
            "the full token of the test",
            "Bearer",
            "the full token of the testsx",
        ] {
            let response = operated.get_as(path, token).await;
            assert_eq!(response.status, 401, "{path} with `{token}`");
        }
    }
    for token in [FULL, READ] {
        assert_eq!(operated.get_as("/api/states", token).await.status, 200);
    }
}

#[tokio::test]
async fn a_person_without_a_session_is_sent_to_the_form() {
    let operated = Operated::with_tokens();
    let response = operated
        .get_with("/locks", &[("accept", "text/html,*/*")])
        .await;
    assert_eq!(response.status, 303);
    assert_eq!(response.header("location"), "sign-in");
    let form = operated.get_with("/sign-in", &[]).await;
    assert_eq!(form.status, 200);
    assert!(form.text().contains("type=\"password\""));
}

#[tokio::test]
async fn a_token_in_an_address_is_refused_even_if_it_is_right() {
    let operated = Operated::with_tokens();
    let authorization = format!("Bearer {FULL}");
    for path in [
        "/api/states?token=x",
        "/metrics?a=b&Token=x",
        "/sign-in?access_token=x",
    ] {
        let response = operated
            .get_with(path, &[("authorization", &authorization)])
            .await;
        assert_eq!(response.status, 400, "{path}");
    }
}

fn origin(address: SocketAddr) -> String {
    format!("http://{address}")
}

async fn sign_in(operated: &Operated, token: &str, origin: &str) -> Response {
    let mut client = Client::connect(operated.operations).await;
    let headers = [
        ("origin", origin),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let form = format!("secret={}", token.replace(' ', "+"));
    client
        .send_with(Method::POST, "/sign-in", &headers, form)
        .await
}

/// The cookie of a session, and the token of its forms.
pub(crate) async fn session(operated: &Operated, token: &str) -> (String, String) {
    let response = sign_in(operated, token, &origin(operated.operations)).await;
    assert_eq!(response.status, 303, "{}", response.text());
    let cookie = response
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap()
        .to_owned();
    let page = operated.get_with("/", &[("cookie", &cookie)]).await.text();
    let (_, form) = page.split_once("name=\"form\" value=\"").unwrap();
    let form = form.split('"').next().unwrap().to_owned();
    (cookie, form)
}

#[tokio::test]
async fn signing_in_sets_a_cookie_that_no_script_and_no_other_site_gets() {
    let operated = Operated::with_tokens();
    let response = sign_in(&operated, READ, &origin(operated.operations)).await;
    let cookie = response.header("set-cookie").to_owned();
    let port = operated.operations.port();
    assert!(
        cookie.starts_with(&format!("kr-operations-{port}=")),
        "{cookie}"
    );
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(
        !cookie.contains("Secure") && !cookie.contains("token"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().unwrap();
    assert_eq!(
        operated.get_with("/", &[("cookie", cookie)]).await.status,
        200
    );
    let other = format!("{cookie}x");
    assert_eq!(
        operated.get_with("/", &[("cookie", &other)]).await.status,
        401
    );
}

#[tokio::test]
async fn over_https_the_cookie_is_sent_over_nothing_else() {
    let operated = Operated::with_tokens();
    // Behind a proxy, whose address the browser knows.
    let origin = origin(operated.operations).replace("http:", "https:");
    let response = sign_in(&operated, READ, &origin).await;
    assert!(response.header("set-cookie").contains("; Secure"));
}

#[tokio::test]
async fn a_wrong_token_begins_no_session() {
    let operated = Operated::with_tokens();
    let response = sign_in(&operated, "another token", &origin(operated.operations)).await;
    assert_eq!(response.status, 401);
    assert_eq!(response.header("set-cookie"), "");
}

#[tokio::test]
async fn a_page_of_another_site_or_port_signs_nobody_in_or_out() {
    let operated = Operated::with_tokens();
    let (cookie, form) = session(&operated, FULL).await;
    let other_port = format!("http://127.0.0.1:{}", operated.address.port());
    for origin in [
        "https://evil.example",
        "null",
        other_port.as_str(),
        "http://127.0.0.1",
    ] {
        assert_eq!(
            sign_in(&operated, FULL, origin).await.status,
            403,
            "{origin}"
        );
        let status = sign_out(&operated, &cookie, &form, Some(origin)).await;
        assert_eq!(status, 403, "{origin}");
    }
    assert_eq!(sign_out(&operated, &cookie, &form, None).await, 403);
    assert_eq!(
        operated.get_with("/", &[("cookie", &cookie)]).await.status,
        200
    );
}

async fn sign_out(operated: &Operated, cookie: &str, form: &str, origin: Option<&str>) -> u16 {
    let mut client = Client::connect(operated.operations).await;
    let mut headers = vec![
        ("cookie", cookie),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    headers.extend(origin.map(|origin| ("origin", origin)));
    let form = format!("form={form}");
    let response = client
        .send_with(Method::POST, "/sign-out", &headers, form)
        .await;
    response.status.as_u16()
}

#[tokio::test]
async fn a_form_of_another_session_changes_nothing() {
    let operated = Operated::with_tokens();
    let (cookie, form) = session(&operated, FULL).await;
    let (_, other_form) = session(&operated, FULL).await;
    let origin = origin(operated.operations);
    assert_eq!(
        sign_out(&operated, &cookie, &other_form, Some(&origin)).await,
        403
    );
    assert_eq!(sign_out(&operated, &cookie, "", Some(&origin)).await, 403);
    assert_eq!(
        operated.get_with("/", &[("cookie", &cookie)]).await.status,
        200
    );
    assert_eq!(
        sign_out(&operated, &cookie, &form, Some(&origin)).await,
        303
    );
    assert_eq!(
        operated.get_with("/", &[("cookie", &cookie)]).await.status,
        401
    );
}

#[tokio::test]
async fn every_response_tells_the_browser_to_load_nothing_from_elsewhere() {
    let operated = Operated::with_tokens();
    for path in [
        "/",
        "/states",
        "/sign-in",
        "/style.css",
        "/nothing",
        "/api/states",
        "/livez",
    ] {
        let response = operated.get(path).await;
        let policy = response.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "frame-ancestors 'none'",
            "script-src 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(
            response.header("x-content-type-options"),
            "nosniff",
            "{path}"
        );
        assert_eq!(response.header("cache-control"), "no-store", "{path}");
    }
}

#[test]
fn an_application_does_not_start_where_everybody_could_operate_it() {
    let build = |operations| {
        crate::service::app(crate::service::Site::new())
            .operations(operations)
            .build()
    };
    let error = build(Operations::at("0.0.0.0:9000"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("KR_OPERATIONS_TOKEN"), "{error}");
    let error = build(Operations::at("9000").token("short"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("too short"), "{error}");
    assert!(!error.contains("`short`"), "{error}");
}

#[tokio::test]
async fn an_address_that_is_taken_is_an_error_at_the_start() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let app = crate::service::app(crate::service::Site::new()).operations(Operations::at(address));
    let error = app.build().unwrap().bind().unwrap_err().to_string();
    assert!(error.contains("is taken"), "{error}");
}
