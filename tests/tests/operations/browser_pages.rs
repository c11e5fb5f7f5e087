//! The pages in a real browser.

use crate::browser::Browser;
use crate::service::{EVIL, FULL, Operated, Page};
use kr_runtime::Host;
use serde_json::{Value, json};
use std::time::Duration;

const VIEWS: [&str; 8] = [
    "",
    "states",
    "state?name=Page",
    "state?name=Cart",
    "locks",
    "store",
    "tasks",
    "snapshots",
];

/// A browser whose pages remember what their policy forbade and what went wrong.
pub(crate) fn open(operated: &Operated) -> Option<Browser> {
    let mut browser = Browser::open("about:blank")?;
    let watch = json!({ "source": "
        window.wrong = [];
        addEventListener('securitypolicyviolation', (it) => wrong.push(it.violatedDirective + ' ' + it.blockedURI));
        addEventListener('error', (it) => wrong.push(String(it.message)));
        window.alert = (text) => wrong.push('alert ' + text);
    " });
    browser.call("Page.enable", &json!({}));
    browser.call("Page.addScriptToEvaluateOnNewDocument", &watch);
    go(&mut browser, operated, "");
    Some(browser)
}

pub(crate) fn go(browser: &mut Browser, operated: &Operated, path: &str) {
    let url = format!("http://{}/{path}", operated.operations);
    browser.call("Page.navigate", &json!({ "url": url }));
    browser.wait_for("document.readyState", &json!("complete"));
    let here = browser.evaluate("location.href");
    assert!(
        here.as_str()
            .unwrap()
            .starts_with(&format!("http://{}/", operated.operations)),
        "{here}"
    );
}

pub(crate) fn sign_in(browser: &mut Browser) {
    browser.wait_for(
        "document.querySelector('h1')?.textContent",
        &json!("Sign in"),
    );
    browser.evaluate(&format!(
        "document.querySelector('#secret').value = {FULL:?}"
    ));
    browser.evaluate("document.querySelector('form').requestSubmit()");
    browser.wait_for(
        "document.querySelector('h1')?.textContent",
        &json!("Overview"),
    );
}

pub(crate) fn size(browser: &mut Browser, width: u32, is_dark: bool) {
    browser.call(
        "Emulation.setDeviceMetricsOverride",
        &json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false }),
    );
    let scheme = if is_dark { "dark" } else { "light" };
    browser.call(
        "Emulation.setEmulatedMedia",
        &json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }),
    );
}

/// Keeps a picture of the page in the folder that `KR_SCREENSHOTS` names.
pub(crate) fn picture(browser: &mut Browser, name: &str) {
    use base64::Engine as _;
    let Ok(folder) = std::env::var("KR_SCREENSHOTS") else {
        return;
    };
    let picture = browser.call("Page.captureScreenshot", &json!({ "format": "png" }));
    let data = picture["data"].as_str().unwrap();
    let bytes = base64::prelude::BASE64_STANDARD.decode(data).unwrap();
    std::fs::write(format!("{folder}/{name}.png"), bytes).unwrap();
}

pub(crate) async fn busy() -> Operated {
    let operated = Operated::with_tokens();
    let site = &operated.site;
    site.update(|page: &mut Page| page.notes.push(EVIL.to_owned()))
        .await
        .unwrap();
    for id in ["7", EVIL] {
        site.carts
            .update(&id.to_owned(), |cart| cart.items.push(id.to_owned()))
            .await
            .unwrap();
    }
    operated
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_view_is_shown_without_a_word_of_its_policy_in_light_and_dark_and_small() {
    let operated = busy().await;
    let Some(mut browser) = open(&operated) else {
        return;
    };
    sign_in(&mut browser);
    tokio::time::sleep(Duration::from_secs(2)).await;
    for (width, is_dark, look) in [(1200, false, "light"), (360, true, "dark-360")] {
        size(&mut browser, width, is_dark);
        for view in VIEWS {
            go(&mut browser, &operated, view);
            browser.wait_for("typeof window.wrong", &json!("object"));
            let name = view.replace(['?', '='], "-");
            picture(&mut browser, &format!("{look}-{name}"));
            assert_eq!(browser.evaluate("wrong"), json!([]), "{view}");
            assert_eq!(
                browser.evaluate("document.querySelectorAll('img').length"),
                0,
                "{view}"
            );
            let too_wide =
                "document.documentElement.scrollWidth > document.documentElement.clientWidth";
            assert_eq!(
                browser.evaluate(too_wide),
                json!(false),
                "{view} at {width}"
            );
            assert_ne!(
                browser.evaluate("document.querySelector('h1').textContent"),
                "",
                "{view}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_overview_moves_and_stops_when_it_is_paused() {
    let operated = busy().await;
    let Some(mut browser) = open(&operated) else {
        return;
    };
    sign_in(&mut browser);
    let mut client = operated.client().await;
    let working = tokio::spawn(async move {
        loop {
            client.post("/notes/x").await;
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    let moves = "Number(document.querySelector('[data-live=commits]').textContent) > 10";
    browser.wait_for(moves, &json!(true));
    picture(&mut browser, "moving");
    browser.evaluate("document.getElementById('pause').click()");
    let points = "document.querySelector('[data-chart=commits] polyline').getAttribute('points')";
    let before = browser.evaluate(points);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(browser.evaluate(points), before);
    browser.evaluate("document.getElementById('pause').click()");
    browser.wait_for(&format!("{points} !== {before}"), &json!(true));
    working.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_locks_follow_who_holds_and_waits() {
    let operated = busy().await;
    let Some(mut browser) = open(&operated) else {
        return;
    };
    sign_in(&mut browser);
    go(&mut browser, &operated, "locks");
    let mut holder = operated.client().await;
    let holding = tokio::spawn(async move { holder.post("/hold").await.status });
    let shown = "document.querySelector('#refresh').textContent.includes('POST /hold')";
    browser.wait_for(shown, &json!(true));
    picture(&mut browser, "held");
    operated.site.go_on.notify_one();
    browser.wait_for(shown, &json!(false));
    assert_eq!(holding.await.unwrap(), 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_thousand_notes_are_shown_in_parts() {
    let operated = busy().await;
    let fill = |page: &mut Page| page.notes = (0..100_000).map(|it| format!("note {it}")).collect();
    operated.site.update(fill).await.unwrap();
    let Some(mut browser) = open(&operated) else {
        return;
    };
    sign_in(&mut browser);
    go(&mut browser, &operated, "state?name=Page");
    let items = "document.querySelectorAll('.tree li').length";
    assert!(browser.evaluate(items).as_u64() < Some(200));
    browser.evaluate("document.querySelector('.tree a').click()");
    browser.wait_for("location.search.includes('from=100')", &json!(true));
    browser.wait_for(
        "document.querySelector('.tree .text')?.textContent",
        &json!("note 100"),
    );
}

/// What the keys of a keyboard can reach.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_script_every_view_and_action_is_there() {
    let operated = busy().await;
    let Some(mut browser) = open(&operated) else {
        return;
    };
    browser.call(
        "Emulation.setScriptExecutionDisabled",
        &json!({ "value": true }),
    );
    browser.evaluate("document.querySelector('#secret').focus()");
    browser.call("Input.insertText", &json!({ "text": FULL }));
    press_enter(&mut browser);
    browser.wait_for(
        "document.querySelector('h1')?.textContent",
        &json!("Overview"),
    );
    for view in VIEWS {
        go(&mut browser, &operated, view);
        let title = browser.evaluate("document.querySelector('h1').textContent");
        assert_ne!(title, "", "{view}");
        let reachable = browser.evaluate("document.querySelectorAll('nav a[href]').length");
        assert_eq!(reachable, 6, "{view}");
    }
    go(&mut browser, &operated, "locks");
    browser.evaluate("document.querySelector('#q').focus()");
    browser.call("Input.insertText", &json!({ "text": "page" }));
    press_enter(&mut browser);
    browser.wait_for("location.search", &json!("?q=page"));
    let shown: Value =
        browser.evaluate("[...document.querySelectorAll('tbody th')].map((it) => it.textContent)");
    assert_eq!(shown, json!(["page"]));
    browser.evaluate("document.querySelector('form[action=sign-out] button').focus()");
    press_enter(&mut browser);
    browser.wait_for(
        "document.querySelector('h1')?.textContent",
        &json!("Sign in"),
    );
}

fn press_enter(browser: &mut Browser) {
    for kind in ["keyDown", "keyUp"] {
        let key = json!({ "type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r" });
        browser.call("Input.dispatchKeyEvent", &key);
    }
}
