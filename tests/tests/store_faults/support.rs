//! What these tests have in common.

use kr_runtime::{FileOptions, StoreError};
use kr_tests::Client;
use std::path::Path;
use std::time::Duration;

/// How often a test does what it does: as the variable says, or so often.
pub(crate) fn rounds(variable: &str, otherwise: usize) -> usize {
    let number = std::env::var(variable).ok().map(|number| number.parse());
    number.map_or(otherwise, |number| number.expect("a number"))
}

/// Why a file cannot be opened.
pub(crate) fn error_of(path: &Path) -> StoreError {
    let options = FileOptions::new().wait(Duration::from_millis(100));
    let error = options.open(path).expect_err("it was opened");
    let message = error.to_string();
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a name");
    assert!(message.contains(name), "{message} does not name {name}");
    assert!(message.contains("; "), "{message} does not say what to do");
    error
}

/// Changes an account, and returns the status.
pub(crate) async fn change(client: &mut Client, account: u64, note: &str) -> u16 {
    let path = format!("/accounts/{account}");
    let text = Some("text/plain");
    let response = client
        .send(http::Method::POST, &path, text, note.to_owned())
        .await;
    if response.status == 503 {
        assert!(!response.header("retry-after").is_empty(), "{response:?}");
    }
    response.status.as_u16()
}

/// The note of an account, or the status.
pub(crate) async fn note(client: &mut Client, account: u64) -> Result<String, u16> {
    let response = client.get(&format!("/accounts/{account}")).await;
    match response.status.as_u16() {
        200 => Ok(response.json()["note"].as_str().expect("a note").to_owned()),
        status => Err(status),
    }
}

/// The bytes once nobody writes any more: the threads of a store end a moment after it.
pub(crate) async fn closed(read: impl Fn() -> Vec<u8>) -> Vec<u8> {
    let mut before = read();
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let now = read();
        if now == before {
            return now;
        }
        before = now;
    }
}
