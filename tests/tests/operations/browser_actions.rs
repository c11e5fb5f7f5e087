//! What somebody does in a real browser: takes snapshots, puts one back, compares two, looks at a thousand locks.

use crate::browser::Browser;
use crate::browser_pages::{busy, go, open, picture, sign_in, size};
use crate::service::{EVIL, FULL, Operated, Page, READ};
use kr_runtime::{Host, Operations};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// Clicks on what leads to that address, and waits for the file. Returns where it is.
fn download(browser: &mut Browser, folder: &TempDir, link: &str) -> PathBuf {
    let behavior = json!({ "behavior": "allow", "downloadPath": folder.path() });
    browser.call("Page.setDownloadBehavior", &behavior);
    let known: Vec<_> = files(folder).collect();
    browser.evaluate(&format!("document.querySelector('{link}').click()"));
    for _ in 0..500 {
        let new = files(folder).find(|path| !known.contains(path));
        // While it comes, it has another name.
        if let Some(path) = new.filter(|path| path.extension().is_none_or(|it| it != "crdownload"))
        {
            return path;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{link} was not downloaded");
}

fn files(folder: &TempDir) -> impl Iterator<Item = PathBuf> {
    let files = fs::read_dir(folder.path()).unwrap();
    files.map(|file| file.unwrap().path())
}

/// Chooses files, as somebody does in a form.
fn choose(browser: &mut Browser, input: &str, path: &Path) {
    let document = browser.call("DOM.getDocument", &json!({}));
    let root = &document["root"]["nodeId"];
    let node = json!({ "nodeId": root, "selector": input });
    let node = browser.call("DOM.querySelector", &node);
    let files = json!({ "files": [path], "nodeId": node["nodeId"] });
    browser.call("DOM.setFileInputFiles", &files);
}

fn title(browser: &mut Browser, title: &str) {
    browser.wait_for("document.querySelector('h1')?.textContent", &json!(title));
    browser.wait_for("document.readyState", &json!("complete"));
}

fn text(browser: &mut Browser) -> String {
    let text = browser.evaluate("document.querySelector('main').textContent");
    text.as_str().unwrap().to_owned()
}

/// Nothing has gone wrong, and nothing ran that is data.
fn is_well(browser: &mut Browser) {
    assert_eq!(browser.evaluate("wrong"), json!([]));
    assert_eq!(
        browser.evaluate("document.querySelectorAll('img').length"),
        0
    );
}

async fn note(operated: &Operated, note: &str) {
    let note = note.to_owned();
    let change = move |page: &mut Page| page.notes.push(note);
    operated.site.update(change).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_snapshot_is_downloaded_and_put_back_after_a_look_at_what_changes() {
    let operated = busy().await;
    let Some(mut browser) = open(&operated) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    sign_in(&mut browser);
    for format in ["json", "clixml"] {
        go(&mut browser, &operated, "snapshots");
        let link = format!("a[href$=\"format={format}\"]");
        let file = download(&mut browser, &folder, &link);
        assert!(fs::read_to_string(&file).unwrap().contains("swordfish"));
        note(&operated, &format!("{EVIL} later")).await;
        go(&mut browser, &operated, "snapshots");
        choose(&mut browser, "#document", &file);
        browser.evaluate("document.querySelector('form[action=preview]').requestSubmit()");
        title(&mut browser, "What would change");
        let shown = text(&mut browser);
        assert!(
            shown.contains("would change 1 values") && shown.contains("Notes[1]"),
            "{shown}"
        );
        assert!(!shown.contains("swordfish"));
        is_well(&mut browser);
        picture(&mut browser, &format!("preview-{format}"));
        assert_eq!(operated.site.read::<Page>().await.unwrap().notes.len(), 2);
        browser.evaluate("document.querySelector('button.danger').click()");
        title(&mut browser, "Put back");
        assert_eq!(operated.site.read::<Page>().await.unwrap().notes, [EVIL]);
        is_well(&mut browser);
        let before = download(&mut browser, &folder, "a[href=before]");
        assert!(fs::read_to_string(&before).unwrap().contains("later"));
        fs::remove_file(before).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_after_a_commit_is_refused_with_a_way_back() {
    let operated = busy().await;
    let Some(mut browser) = open(&operated) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    sign_in(&mut browser);
    go(&mut browser, &operated, "snapshots");
    let file = download(&mut browser, &folder, "a[href$=\"format=json\"]");
    note(&operated, "first").await;
    choose(&mut browser, "#document", &file);
    browser.evaluate("document.querySelector('form[action=preview]').requestSubmit()");
    title(&mut browser, "What would change");
    note(&operated, "second").await;
    browser.evaluate("document.querySelector('button.danger').click()");
    title(&mut browser, "That did not work");
    assert!(text(&mut browser).contains("since the preview"));
    assert_eq!(operated.site.read::<Page>().await.unwrap().notes.len(), 3);
    browser.evaluate("document.querySelector('main a').click()");
    title(&mut browser, "Overview");
    is_well(&mut browser);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_snapshots_are_compared() {
    let operated = busy().await;
    let Some(mut browser) = open(&operated) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    sign_in(&mut browser);
    go(&mut browser, &operated, "snapshots");
    let before = download(&mut browser, &folder, "a[href$=\"format=json\"]");
    note(&operated, "more").await;
    let after = download(&mut browser, &folder, "a[href$=\"format=clixml\"]");
    choose(&mut browser, "#before", &before);
    choose(&mut browser, "#after", &after);
    browser.evaluate("document.querySelector('form[action=compare]').requestSubmit()");
    title(&mut browser, "Differences");
    let shown = text(&mut browser);
    assert!(
        shown.contains("Notes[1]") && shown.contains("more"),
        "{shown}"
    );
    is_well(&mut browser);
    picture(&mut browser, "differences");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_locks_are_shown_and_found_whatever_their_names_are() {
    let mut locks = None;
    let operations = Operations::at("127.0.0.1:0").token(FULL).read_token(READ);
    let operated = Operated::start_as(operations, |app| {
        locks = Some(app.locks());
        app
    });
    let locks = locks.unwrap();
    let mut held = Vec::new();
    for number in 0..1_000 {
        held.push(locks.lock(&format!("{EVIL} {number:03}")).await.unwrap());
    }
    let Some(mut browser) = open(&operated) else {
        return;
    };
    sign_in(&mut browser);
    for (width, is_dark) in [(1200, false), (360, true)] {
        size(&mut browser, width, is_dark);
        go(&mut browser, &operated, "locks");
        let rows = "document.querySelectorAll('tbody tr').length";
        assert_eq!(browser.evaluate(rows), 100);
        assert!(text(&mut browser).contains("1000 held"));
        is_well(&mut browser);
        browser.evaluate("[...document.querySelectorAll('main a')].at(-1).click()");
        browser.wait_for(&format!("{rows} >= 1000"), &json!(true));
        // What is wider than the page can be scrolled in a part of it.
        let too_wide = "[...document.querySelectorAll('body *')]
            .filter((it) => it.getBoundingClientRect().right > document.documentElement.clientWidth && !it.closest('.scroll'))
            .map((it) => it.outerHTML.slice(0, 200))";
        assert_eq!(browser.evaluate(too_wide), json!([]), "{width}");
        picture(&mut browser, &format!("thousand-{width}"));
        is_well(&mut browser);
    }
    go(&mut browser, &operated, "locks");
    browser.evaluate("document.querySelector('#q').value = ' 777'");
    browser.evaluate("document.querySelector('form.search').requestSubmit()");
    browser.wait_for("location.search", &json!("?q=+777"));
    title(&mut browser, "Locks");
    let shown = browser.evaluate("document.querySelector('tbody th').textContent");
    assert_eq!(shown, json!(format!("{} 777", EVIL.to_lowercase())));
    is_well(&mut browser);
    drop(held);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_are_searched_and_looked_at() {
    let operated = busy().await;
    for id in 0..200 {
        let id = format!("c{id}");
        let cart = operated.site.carts.update(&id, |cart| cart.items.clear());
        cart.await.unwrap();
    }
    let Some(mut browser) = open(&operated) else {
        return;
    };
    sign_in(&mut browser);
    go(&mut browser, &operated, "state?name=Cart");
    let rows = "document.querySelectorAll('tbody tr').length";
    assert_eq!(browser.evaluate(rows), 50);
    browser.evaluate("document.querySelector('a[rel=next]').click()");
    browser.wait_for("location.search.includes('after=')", &json!(true));
    title(&mut browser, "Cart");
    assert_eq!(browser.evaluate(rows), 50);
    browser.evaluate("document.querySelector('#q').value = 'onerror'");
    browser.evaluate("document.querySelector('form.search').requestSubmit()");
    browser.wait_for("location.search.includes('q=onerror')", &json!(true));
    title(&mut browser, "Cart");
    assert_eq!(browser.evaluate(rows), 1);
    browser.evaluate("document.querySelector('tbody a').click()");
    browser.wait_for("location.search.includes('key=')", &json!(true));
    browser.wait_for("document.readyState", &json!("complete"));
    assert!(text(&mut browser).contains(EVIL), "{}", text(&mut browser));
    is_well(&mut browser);
}
