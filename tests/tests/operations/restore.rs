//! Snapshots over HTTP: who may take them and put them back, and when.

use crate::access::session;
use crate::service::{EVIL, FULL, Operated, Page, READ};
use http::{Method, StatusCode};
use kr_runtime::Host;
use kr_tests::{Client, Response};
use serde_json::json;

async fn post(operated: &Operated, path: &str, headers: &[(&str, &str)], body: String) -> Response {
    let mut client = Client::connect(operated.operations).await;
    client.send_with(Method::POST, path, headers, body).await
}

async fn post_as(operated: &Operated, path: &str, token: &str, body: &str) -> Response {
    let authorization = format!("Bearer {token}");
    post(
        operated,
        path,
        &[("authorization", &authorization)],
        body.to_owned(),
    )
    .await
}

async fn taken(operated: &Operated, format: &str) -> String {
    let response = operated
        .get(&format!("/api/snapshot?format={format}"))
        .await;
    assert_eq!(response.status, 200, "{}", response.text());
    response.text()
}

async fn note(operated: &Operated, note: &str) {
    let note = note.to_owned();
    operated
        .site
        .update(|page: &mut Page| page.notes.push(note))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_snapshot_is_a_file_that_no_browser_shows() {
    let operated = Operated::with_tokens();
    for format in ["json", "clixml"] {
        let response = operated
            .get(&format!("/api/snapshot?format={format}"))
            .await;
        let disposition = response.header("content-disposition");
        assert!(
            disposition.starts_with("attachment; filename=\"site-"),
            "{disposition}"
        );
        assert!(
            !disposition.contains('<') && !disposition.contains("img src"),
            "{disposition}"
        );
        assert_eq!(response.header("content-type"), "application/octet-stream");
        assert!(
            response
                .header("content-security-policy")
                .starts_with("sandbox")
        );
        assert!(response.text().contains("swordfish"));
    }
    let one = operated.get("/api/snapshot?state=Keys").await.json();
    assert_eq!(one["states"].as_object().unwrap().len(), 1);
    assert_eq!(
        operated.get("/api/snapshot?state=Nothing").await.status,
        404
    );
    assert_eq!(operated.get("/api/snapshot?format=exe").await.status, 400);
}

#[tokio::test]
async fn the_read_token_takes_no_snapshot_and_puts_none_back() {
    let operated = Operated::with_tokens();
    let document = taken(&operated, "json").await;
    for path in ["/api/snapshot", "/before"] {
        assert_eq!(operated.get_as(path, READ).await.status, 403, "{path}");
    }
    for path in ["/api/restore/preview", "/api/restore?seen=x"] {
        assert_eq!(
            post_as(&operated, path, READ, &document).await.status,
            403,
            "{path}"
        );
    }
    let page = operated.get_as("/snapshots", READ).await.text();
    assert!(!page.contains("api/snapshot"), "{page}");
    let nobody = Operated::start(kr_runtime::Operations::at("127.0.0.1:0"));
    assert_eq!(nobody.get_with("/api/snapshot", &[]).await.status, 403);
}

#[tokio::test]
async fn a_document_is_put_back_as_it_was_previewed() {
    let operated = Operated::with_tokens();
    for format in ["json", "clixml"] {
        note(&operated, "first").await;
        let document = taken(&operated, format).await;
        note(&operated, "second").await;
        let preview = post_as(&operated, "/api/restore/preview", FULL, &document)
            .await
            .json();
        assert_eq!(
            (&preview["changed"], &preview["same"]),
            (&json!(1), &json!(1))
        );
        let item = &preview["items"][0];
        assert_eq!(
            (&item["state"], &item["what"]),
            (&json!("Page"), &json!("changed"))
        );
        assert!(!preview.to_string().contains("swordfish"));
        let path = format!("/api/restore?seen={}", preview["seen"].as_str().unwrap());
        let restored = post_as(&operated, &path, FULL, &document).await;
        assert_eq!(
            restored.json(),
            json!({ "states": 2, "instances": 0, "removed": 0 })
        );
        let page = operated.site.read::<Page>().await.unwrap();
        assert_eq!(page.notes.last().unwrap(), "first");
        let before = operated.get("/before").await.text();
        assert!(before.contains("second"), "{before}");
    }
}

#[tokio::test]
async fn after_a_commit_since_the_preview_nothing_is_put_back() {
    let operated = Operated::with_tokens();
    let document = taken(&operated, "json").await;
    note(&operated, "first").await;
    let preview = post_as(&operated, "/api/restore/preview", FULL, &document)
        .await
        .json();
    note(&operated, "second").await;
    let path = format!("/api/restore?seen={}", preview["seen"].as_str().unwrap());
    let response = post_as(&operated, &path, FULL, &document).await;
    let problem = response.problem(StatusCode::CONFLICT);
    assert!(problem.contains("since the preview"), "{problem}");
    let response = post_as(&operated, "/api/restore", FULL, &document).await;
    assert_eq!(response.status, 400);
    assert_eq!(
        operated.site.read::<Page>().await.unwrap().notes,
        ["first", "second"]
    );
}

#[tokio::test]
async fn a_document_that_does_not_fit_is_refused_with_its_place() {
    let operated = Operated::with_tokens();
    let document = taken(&operated, "json").await;
    let half = &document[..document.len() / 2];
    assert_eq!(
        post_as(&operated, "/api/restore/preview", FULL, half)
            .await
            .status,
        400
    );
    let mut bad: serde_json::Value = serde_json::from_str(&document).unwrap();
    bad["states"]["Page"]["value"]["Notes"] = json!([1]);
    bad.as_object_mut().unwrap().remove("sha256");
    let response = post_as(&operated, "/api/restore/preview", FULL, &bad.to_string()).await;
    let problem = response.problem(StatusCode::BAD_REQUEST);
    assert!(
        problem.contains("`Page`") && problem.contains("`Notes[0]`"),
        "{problem}"
    );
}

/// A form with files, as a browser sends it.
fn multipart(parts: &[(&str, Option<&str>, &str)]) -> String {
    let mut body = String::new();
    for (name, file, text) in parts {
        let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
        body += &format!(
            "--X\r\ncontent-disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n"
        );
    }
    body + "--X--\r\n"
}

const MULTIPART: (&str, &str) = ("content-type", "multipart/form-data; boundary=X");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("name=\"{name}\" value=\""))
        .expect(name);
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_sees_what_would_change_and_confirms_it() {
    let operated = Operated::with_tokens();
    note(&operated, EVIL).await;
    let document = taken(&operated, "clixml").await;
    note(&operated, "later").await;
    let (cookie, token) = session(&operated, FULL).await;
    let origin = format!("http://{}", operated.operations);
    let headers = |kind| {
        [
            ("cookie", cookie.as_str()),
            ("origin", origin.as_str()),
            kind,
        ]
    };
    let body = multipart(&[
        ("form", None, &token),
        ("document", Some("<b>host.xml"), &document),
    ]);
    let page = post(&operated, "/preview", &headers(MULTIPART), body).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let page = page.text();
    assert!(
        page.contains("&lt;b&gt;host.xml") && page.contains("Notes[1]"),
        "{page}"
    );
    assert!(!page.contains("<script>") && !page.contains("<img") && !page.contains("swordfish"));
    let form = format!("form={}&id={}", hidden(&page, "form"), hidden(&page, "id"));
    let cross_site = [
        ("cookie", cookie.as_str()),
        ("origin", "https://evil.example"),
        FORM,
    ];
    assert_eq!(
        post(&operated, "/restore", &cross_site, form.clone())
            .await
            .status,
        403
    );
    let done = post(&operated, "/restore", &headers(FORM), form.clone()).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(operated.site.read::<Page>().await.unwrap().notes, [EVIL]);
    let again = post(&operated, "/restore", &headers(FORM), form).await;
    assert_eq!(again.status, 409);
}

#[tokio::test]
async fn files_are_taken_with_the_token_of_the_form_alone() {
    let operated = Operated::with_tokens();
    let document = taken(&operated, "json").await;
    let (cookie, token) = session(&operated, FULL).await;
    let origin = format!("http://{}", operated.operations);
    let headers = [
        ("cookie", cookie.as_str()),
        ("origin", origin.as_str()),
        MULTIPART,
    ];
    let file = ("document", Some("a.json"), document.as_str());
    for parts in [
        vec![file],
        vec![("form", None, "wrong"), file],
        vec![file, ("form", None, &token)],
    ] {
        let response = post(&operated, "/preview", &headers, multipart(&parts)).await;
        assert_eq!(response.status, 403);
    }
    let api = [("cookie", cookie.as_str()), ("origin", origin.as_str())];
    let response = post(&operated, "/api/restore/preview", &api, document).await;
    assert_eq!(response.status, 403);
}

#[tokio::test]
async fn two_files_are_compared() {
    let operated = Operated::with_tokens();
    let first = taken(&operated, "json").await;
    note(&operated, "more").await;
    let second = taken(&operated, "clixml").await;
    let (cookie, token) = session(&operated, FULL).await;
    let origin = format!("http://{}", operated.operations);
    let headers = [
        ("cookie", cookie.as_str()),
        ("origin", origin.as_str()),
        MULTIPART,
    ];
    let body = multipart(&[
        ("form", None, &token),
        ("document", Some("first.json"), &first),
        ("document", Some("second.xml"), &second),
    ]);
    let page = post(&operated, "/compare", &headers, body).await.text();
    assert!(
        page.contains("first.json") && page.contains("second.xml"),
        "{page}"
    );
    assert!(
        page.contains("Notes[0]") && page.contains("1 values differ"),
        "{page}"
    );
}
