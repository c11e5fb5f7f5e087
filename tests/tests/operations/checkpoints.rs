//! Checkpoints: a store in memory that survives the process, but for the last moments.

use crate::service::{FULL, Operated, Page, READ, Site, app, eventually};
use kr_runtime::prelude::*;
use kr_runtime::{Operations, Store};
use std::fs;
use std::path::Path;
use std::time::Duration;

const EVERY: Duration = Duration::from_millis(50);

fn start(path: &Path, every: Duration) -> Operated {
    let operations = Operations::at("127.0.0.1:0").token(FULL).read_token(READ);
    Operated::start_as(operations, |app| app.checkpoint(path, every))
}

fn error(path: &Path) -> String {
    let built = app(Site::new()).checkpoint(path, EVERY).build();
    built.unwrap_err().to_string()
}

#[tokio::test]
async fn what_was_committed_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["state.xml", "state.json"] {
        let path = folder.path().join(name);
        // Only the end writes it.
        let first = start(&path, Duration::from_secs(3_600));
        first.client().await.post("/notes/a").await;
        first.client().await.post("/carts/7/helmet").await;
        first.stop().await.unwrap();
        let second = start(&path, Duration::from_secs(3_600));
        assert_eq!(
            second.site.read::<Page>().await.unwrap().notes,
            ["a"],
            "{name}"
        );
        assert_eq!(
            second.site.carts.read(&"7".to_owned()).await.unwrap().items,
            ["helmet"]
        );
        second.stop().await.unwrap();
    }
}

#[tokio::test]
async fn revisions_go_on_upwards_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let hour = Duration::from_secs(3_600);
    let first = start(&path, hour);
    for path in [
        "/notes/a",
        "/notes/b",
        "/carts/7/x",
        "/carts/7/y",
        "/carts/8/x",
    ] {
        first.client().await.post(path).await;
    }
    let before = first.site.read::<Page>().await.unwrap().revision();
    let cart = first.site.carts.read(&"7".to_owned()).await.unwrap();
    let cart_before = cart.revision();
    first.stop().await.unwrap();
    let second = start(&path, hour);
    assert!(second.site.read::<Page>().await.unwrap().revision() > before);
    for id in ["7", "8"] {
        let cart = second.site.carts.read(&id.to_owned()).await.unwrap();
        assert!(cart.revision() > cart_before, "{id}: {}", cart.revision());
    }
    second.stop().await.unwrap();
}

#[tokio::test]
async fn it_is_written_every_so_often_and_only_if_something_has_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let operated = start(&path, EVERY);
    operated.client().await.post("/notes/a").await;
    let has = |text: &'static str| {
        let path = path.clone();
        async move { fs::read_to_string(path).is_ok_and(|it| it.contains(text)) }
    };
    eventually("a checkpoint", || has("\"a\"")).await;
    let written = fs::metadata(&path).unwrap().modified().unwrap();
    tokio::time::sleep(EVERY * 6).await;
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), written);
    operated.client().await.post("/notes/b").await;
    eventually("another checkpoint", || has("\"b\"")).await;
    let before = fs::read_to_string(folder.path().join("state.json.previous")).unwrap();
    assert!(
        before.contains("\"a\"") && !before.contains("\"b\""),
        "{before}"
    );
    let metrics = operated.get("/metrics").await.text();
    assert!(
        metrics.contains("\nkr_checkpoint_last_success_timestamp_seconds "),
        "{metrics}"
    );
    assert!(
        metrics.contains("\nkr_checkpoint_failures_total 0\n"),
        "{metrics}"
    );
    operated.stop().await.unwrap();
}

#[tokio::test]
async fn a_file_that_cannot_be_read_stops_the_start_and_stays() {
    let folder = tempfile::tempdir().unwrap();
    let xml = folder.path().join("state.xml");
    fs::write(&xml, "<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\n<Obj>\n<oops</Objs>").unwrap();
    let reason = error(&xml);
    assert!(
        reason.contains("state.xml") && reason.contains("line 3"),
        "{reason}"
    );
    let json = folder.path().join("state.json");
    fs::write(&json, "{\"kr-snapshot\":1,\n \"values\":").unwrap();
    let reason = error(&json);
    assert!(
        reason.contains("line 2") && reason.contains("state.json.previous"),
        "{reason}"
    );
    assert!(fs::read_to_string(&json).unwrap().ends_with("\"values\":"));
}

#[tokio::test]
async fn a_checkpoint_that_cannot_be_written_is_counted_and_said_and_the_old_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let path = inner.join("state.json");
    let operated = start(&path, EVERY);
    operated.client().await.post("/notes/a").await;
    eventually("a checkpoint", || async { path.exists() }).await;
    // A folder in the place of the file that is kept: it cannot be replaced by a file.
    fs::create_dir_all(inner.join("state.json.previous/x")).unwrap();
    operated.client().await.post("/notes/b").await;
    eventually("a failure", async || {
        let overview = operated.get("/api/overview").await.json();
        overview["checkpoints_fail"].is_string()
    })
    .await;
    assert!(fs::read_to_string(&path).unwrap().contains("\"a\""));
    let page = operated.get("/").await.text();
    assert!(
        page.contains("The last checkpoint was not written"),
        "{page}"
    );
    let metrics = operated.get("/metrics").await.text();
    assert!(
        !metrics.contains("\nkr_checkpoint_failures_total 0\n"),
        "{metrics}"
    );
    fs::remove_dir_all(inner.join("state.json.previous")).unwrap();
    eventually("a checkpoint again", async || {
        fs::read_to_string(&path).unwrap().contains("\"b\"")
    })
    .await;
    operated.stop().await.unwrap();
}

#[test]
fn a_checkpoint_of_a_store_that_keeps_commits_is_an_error_at_the_start() {
    #[derive(Clone, Default, Serialize, Deserialize, SharedState)]
    #[shared_state(lock = "count")]
    struct Count(u64);
    #[derive(Host)]
    struct Counts {
        count: Shared<Count>,
    }
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path().join("count.kr")).unwrap();
    let host = Counts {
        count: Shared::new(Count(0)),
    };
    let app = App::new("Counts", host).store(store);
    let error = app
        .checkpoint("count.json", EVERY)
        .build()
        .unwrap_err()
        .to_string();
    assert!(error.contains("for a store in memory"), "{error}");
}

#[tokio::test]
async fn a_relative_path_is_in_the_root() {
    let folder = tempfile::tempdir().unwrap();
    let operations = Operations::at("127.0.0.1:0");
    let root = folder.path().to_owned();
    let operated = Operated::start_as(operations, |app| {
        app.root(root)
            .checkpoint("state.json", Duration::from_secs(3_600))
    });
    operated.client().await.post("/notes/a").await;
    operated.stop().await.unwrap();
    assert!(folder.path().join("state.json").exists());
}
