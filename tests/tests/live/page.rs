//! The page, as a visitor sees it.

use crate::browser::Browser;
use kr_tests::{Client, Program, example};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What the page shows: whether it follows the board, and the notes.
const SHOWN: &str = r##"[
    document.getElementById("status")?.textContent,
    ...[...document.querySelectorAll("#notes input")].map((note) => note.value),
]"##;

fn start(port: u16) -> Program {
    Program::start_with(&example("live"), &[("PORT", &port.to_string())])
}

fn open(program: &Program) -> Option<Browser> {
    Browser::open(&format!("http://{}/", program.address))
}

async fn add(client: &mut Client, text: &str) {
    let added = client.post_json("/notes", &json!({ "text": text })).await;
    assert_eq!(added.status, 201, "{}", added.text());
}

fn shows(browser: &mut Browser, notes: &[&str]) {
    let shown: Vec<&str> = [&["live"], notes].concat();
    browser.wait_for(SHOWN, &json!(shown));
}

/// Fills the first input of the form and submits it, as a visitor does.
fn submit(browser: &mut Browser, form: &str, text: &str) {
    browser.evaluate(&format!(
        "(() => {{
            const form = document.querySelector({form:?});
            form.elements.text.value = {text:?};
            form.requestSubmit();
        }})()"
    ));
}

#[tokio::test]
async fn it_shows_the_board_and_follows_the_changes_of_others() {
    let program = start(0);
    let mut client = Client::connect(program.address).await;
    add(&mut client, "one").await;
    let Some(mut browser) = open(&program) else {
        return;
    };
    shows(&mut browser, &["one"]);
    add(&mut client, "<b>two</b>").await;
    shows(&mut browser, &["one", "<b>two</b>"]);
    client.put_json("/notes/1", &json!({ "text": "uno" })).await;
    shows(&mut browser, &["uno", "<b>two</b>"]);
    client.delete("/notes/1").await;
    shows(&mut browser, &["<b>two</b>"]);
}

#[tokio::test]
async fn its_forms_change_the_board() {
    let program = start(0);
    let Some(mut browser) = open(&program) else {
        return;
    };
    shows(&mut browser, &[]);
    submit(&mut browser, "#add", "first");
    shows(&mut browser, &["first"]);
    submit(&mut browser, "#add", "second");
    shows(&mut browser, &["first", "second"]);
    submit(&mut browser, "[data-id='1'] form", "changed");
    let mut client = Client::connect(program.address).await;
    shows(&mut browser, &["changed", "second"]);
    browser.evaluate("document.querySelector('[data-id=\"2\"] [type=button]').click()");
    shows(&mut browser, &["changed"]);
    let board = client.get("/board").await.json();
    assert_eq!(board, json!({ "notes": { "1": "changed" } }));

    submit(&mut browser, "#add", " ");
    let error = "document.getElementById('error').textContent";
    browser.wait_for(error, &json!("a note needs a text"));
    shows(&mut browser, &["changed"]);
}

/// The new process has as many commits, so the revisions are those that the page has seen, and the notes are others.
#[tokio::test]
async fn after_a_restart_it_shows_what_the_new_process_has() {
    let program = start(0);
    let port = program.address.port();
    let mut client = Client::connect(program.address).await;
    add(&mut client, "old 1").await;
    add(&mut client, "old 2").await;
    let Some(mut browser) = open(&program) else {
        return;
    };
    shows(&mut browser, &["old 1", "old 2"]);
    drop(program);

    let program = start(port);
    let mut client = Client::connect(program.address).await;
    add(&mut client, "new 1").await;
    add(&mut client, "new 2").await;
    shows(&mut browser, &["new 1", "new 2"]);
    // It follows one stream, not two.
    add(&mut client, "new 3").await;
    shows(&mut browser, &["new 1", "new 2", "new 3"]);
}

#[tokio::test]
async fn a_stop_does_not_wait_for_it() {
    let mut program = start(0);
    let Some(mut browser) = open(&program) else {
        return;
    };
    shows(&mut browser, &[]);
    let begin = Instant::now();
    program.signal("TERM");
    assert!(program.wait().success());
    // The drain timeout is 30 seconds.
    assert!(begin.elapsed() < Duration::from_secs(10));
    let offline: Value = json!(["offline"]);
    browser.wait_for(SHOWN, &offline);
}
