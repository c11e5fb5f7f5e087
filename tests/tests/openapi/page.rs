//! The page that shows the document and sends requests.

use crate::browser::Browser;
use crate::{Empty, get, text};
use kr_runtime::OpenApi;
use kr_runtime::prelude::*;
use kr_tests::{Program, example};
use serde_json::json;

#[tokio::test]
async fn the_page_loads_its_own_files_alone() {
    let app = App::new("A <b>&amp;</b>", Empty {}).openapi(OpenApi::new("1"));
    let router = app.into_router().unwrap();
    let page = get(router.clone(), "/docs").await;
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'; "),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    let html = text(page).await;
    assert!(
        html.contains("<title>A &lt;b>&amp;amp;&lt;/b></title>"),
        "{html}"
    );
    assert!(!html.contains("://"), "{html}");
    let files = [
        "swagger-ui.css",
        "swagger-ui-bundle.js",
        "favicon-32x32.png",
        "page.js",
    ];
    for file in files {
        assert!(html.contains(&format!("\"docs/{file}\"")), "{html}");
        let file = get(router.clone(), &format!("/docs/{file}")).await;
        assert_eq!(file.status(), StatusCode::OK);
        assert_eq!(file.headers()["x-content-type-options"], "nosniff");
    }
    let other = get(router, "/docs/swagger-ui.css.map").await;
    assert_eq!(other.status(), StatusCode::NOT_FOUND);
}

/// Counts what the policy has stopped.
const COUNT: &str = "window.stopped = []; document.addEventListener('securitypolicyviolation', \
                     (event) => window.stopped.push(`${event.violatedDirective} ${event.blockedURI}`));";

/// What the page shows of `POST /notes`.
const OPERATION: &str = "document.querySelectorAll('.opblock-post .opblock-summary').length";

#[test]
fn a_request_is_sent_from_the_page_in_a_browser() {
    let program = Program::start(&example("live"));
    let address = format!("http://localhost:{}/docs", program.address.port());
    let Some(mut browser) = Browser::open("about:blank") else {
        return;
    };
    browser.call("Page.enable", &json!({}));
    browser.call(
        "Page.addScriptToEvaluateOnNewDocument",
        &json!({ "source": COUNT }),
    );
    browser.call("Page.navigate", &json!({ "url": address }));
    browser.wait_for(OPERATION, &json!(1));
    // Opens the operation, asks for a form, and sends the example that is in it.
    browser.evaluate("document.querySelector('.opblock-post .opblock-summary-control').click()");
    browser.wait_for("!!document.querySelector('.try-out__btn')", &json!(true));
    browser.evaluate("document.querySelector('.try-out__btn').click()");
    browser.wait_for("!!document.querySelector('.execute')", &json!(true));
    browser.evaluate("document.querySelector('.execute').click()");
    let status = "document.querySelector('.live-responses-table tbody .response-col_status')?.textContent.trim().slice(0, 3)";
    browser.wait_for(status, &json!("201"));
    assert_eq!(browser.evaluate("window.stopped"), json!([]));
}
