//! `App::root`: where the code of an application resolves relative snapshot paths.

use crate::running::Running;
use axum::Router;
use axum::routing::get;
use kr_runtime::prelude::*;
use kr_runtime::snapshot::FileError;
use std::fs;
use std::path::Path;
use tempfile::{TempDir, tempdir};
use tokio::task::spawn_blocking;

#[derive(Clone, Default, SharedState)]
#[shared_state(lock = "saved")]
struct Saved(u32);

#[derive(Host)]
struct Site {
    saved: Shared<Saved>,
}

fn site() -> Site {
    Site {
        saved: Shared::new(Saved(0)),
    }
}

fn save(name: &str) -> Result<(), Problem> {
    let written = Snapshot::new(7).write_to(name);
    written.map_err(|error| Problem::conflict(error.to_string()))
}

#[kr_route(post, "/plain")]
#[locked("saved")]
fn plain(saved: &mut Saved) -> Result<(), Problem> {
    saved.0 += 1;
    save("in/plain.xml")
}

#[kr_route(get, "/read")]
fn read() -> Result<(), Problem> {
    save("in/read.xml")
}

#[kr_route(get, "/threaded", blocking)]
fn threaded() -> Result<(), Problem> {
    save("in/threaded.xml")
}

#[kr_route(post, "/async")]
#[locked("saved")]
async fn asynchronous(saved: &mut Saved) -> Result<(), Problem> {
    tokio::task::yield_now().await;
    saved.0 += 1;
    save("in/async.xml")
}

#[kr_route(get, "/spawned")]
async fn spawned() -> Result<(), Problem> {
    let saving = async { save("in/spawned.xml") };
    kr_runtime::spawn(saving).await.expect("no panic")
}

#[kr_route(get, "/elsewhere")]
async fn elsewhere() -> Result<(), Problem> {
    let saving = || save("in/elsewhere.xml");
    spawn_blocking(saving).await.expect("no panic")
}

fn app(folder: &TempDir) -> App<Site> {
    App::new("Rooted", site())
        .root(folder.path())
        .mount(routes![
            plain,
            read,
            threaded,
            asynchronous,
            spawned,
            elsewhere
        ])
        .merge(Router::new().route("/merged", get(|| async { save("in/merged.xml") })))
        .task("saver", |_, _| async { save("in/task.xml").unwrap() })
        .on_stop(|| async { save("in/stop.xml").unwrap() })
}

#[tokio::test]
async fn the_code_of_each_application_has_its_root() {
    let folders = [tempdir().unwrap(), tempdir().unwrap()];
    let running = [
        Running::start(app(&folders[0])),
        Running::start(app(&folders[1])),
    ];
    for running in &running {
        let mut client = running.client().await;
        for path in ["/plain", "/async"] {
            assert_eq!(client.post(path).await.status, StatusCode::OK, "{path}");
        }
        for path in ["/read", "/threaded", "/spawned", "/merged"] {
            let response = client.get(path).await;
            assert_eq!(
                response.status,
                StatusCode::OK,
                "{path}: {}",
                response.text()
            );
        }
        // This belongs to no application, and there are two.
        let refused = client.get("/elsewhere").await;
        let refused = refused.problem(StatusCode::CONFLICT);
        assert!(refused.contains("`App::snapshot_root`"), "{refused}");
    }
    for running in running {
        running.stop().await.unwrap();
    }
    for folder in &folders {
        let names = [
            "plain", "async", "read", "threaded", "spawned", "merged", "task", "stop",
        ];
        for name in names {
            let file = folder.path().join(format!("in/{name}.xml"));
            assert!(file.is_file(), "{}", file.display());
        }
    }
    assert!(!Path::new("in").exists());
}

#[tokio::test]
async fn the_root_is_taken_to_other_threads_and_tasks() {
    let folder = tempdir().unwrap();
    let app = app(&folder);
    let root = app.snapshot_root().unwrap();
    assert_eq!(root.path(), folder.path().canonicalize().unwrap());
    let in_task = tokio::spawn(root.scope(async { Snapshot::new(1).write_to("task.xml") }));
    in_task.await.unwrap().unwrap();
    let in_thread = spawn_blocking(move || root.enter(|| Snapshot::<i32>::read_from("task.xml")));
    assert_eq!(*in_thread.await.unwrap().unwrap(), 1);
}

#[test]
fn elsewhere_a_relative_path_is_an_error_if_roots_differ() -> Result<(), FileError> {
    let folders = [tempdir().unwrap(), tempdir().unwrap()];
    for folder in &folders {
        app(folder).endpoint(0).build().unwrap();
    }
    let refused = Snapshot::new(8).write_to("state.xml").unwrap_err();
    assert!(refused.to_string().contains("different roots"), "{refused}");
    let absolute = folders[0].path().join("state.xml");
    Snapshot::new(8).write_to(&absolute)?;
    assert!(fs::exists(&absolute).unwrap());
    Ok(())
}
