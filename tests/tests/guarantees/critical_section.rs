//! The critical section is minimal: the body is read before the lock is acquired, and the response is built after its
//! release.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kr_runtime::Locks;
use kr_runtime::prelude::*;
use kr_tests::{Client, serve};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[derive(Clone, SharedState)]
#[shared_state(lock = "log")]
struct Log(Vec<String>);

#[derive(Clone, Host)]
struct Logger {
    log: Shared<Log>,
}

#[kr_route(post, "/log")]
#[locked("log")]
fn append(log: &mut Log, line: String) -> StatusCode {
    log.0.push(line);
    StatusCode::OK
}

#[tokio::test]
async fn a_slow_request_body_blocks_no_other_request() {
    let logger = Logger {
        log: Shared::new(Log(Vec::new())),
    };
    let router = App::new("Log", logger.clone())
        .mount(routes![append])
        .into_router();
    let address = serve(router.unwrap()).await;

    let mut slow = TcpStream::connect(address).await.unwrap();
    let head = "POST /log HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\nsl";
    slow.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(50)).await;

    let mut quick = Client::connect(address).await;
    let response = quick.send(http::Method::POST, "/log", None, "quick").await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(logger.latest::<Log>().unwrap().0, ["quick"]);

    slow.write_all(b"ow!").await.unwrap();
    let mut start = [0; 12];
    slow.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"HTTP/1.1 200");
    assert_eq!(logger.latest::<Log>().unwrap().0, ["quick", "slow!"]);
}

/// Reports whether the lock is free while the response is built.
struct LockIsFree;

static LOCKS: OnceLock<Locks> = OnceLock::new();

impl IntoResponse for LockIsFree {
    fn into_response(self) -> Response {
        let locks = LOCKS.get().unwrap();
        let free = futures_util::FutureExt::now_or_never(locks.lock("log"));
        format!("{}", free.is_some_and(|lock| lock.is_ok())).into_response()
    }
}

#[kr_route(post, "/sync")]
#[locked("log")]
fn when_sync(log: &mut Log) -> LockIsFree {
    log.0.clear();
    LockIsFree
}

#[kr_route(post, "/async")]
#[locked("log")]
async fn when_async(log: &mut Log) -> LockIsFree {
    log.0.clear();
    tokio::task::yield_now().await;
    LockIsFree
}

#[tokio::test]
async fn the_response_is_built_after_the_lock_is_released() {
    let app = App::new(
        "Log",
        Logger {
            log: Shared::new(Log(Vec::new())),
        },
    );
    assert!(LOCKS.set(app.locks()).is_ok());
    let app = app.mount(routes![when_sync, when_async]);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    assert_eq!(client.post("/sync").await.text(), "true");
    assert_eq!(client.post("/async").await.text(), "true");
}

/// The state of an application that renames itself.
#[derive(Clone, SharedState)]
#[shared_state(lock = "audit")]
struct Audited(Arc<str>);

#[derive(Clone, Host)]
struct Audit {
    state: Shared<Audited>,
}

#[kr_route(post, "/rename/{name}")]
#[locked("audit")]
fn rename(state: &mut Audited, name: String) -> StatusCode {
    state.0 = name.into();
    StatusCode::OK
}

#[tokio::test]
async fn the_response_is_sent_after_the_commit() {
    let audit = Audit {
        state: Shared::new(Audited("first".into())),
    };
    let router = App::new("Audit", audit.clone())
        .mount(routes![rename])
        .into_router();
    let mut client = Client::connect(serve(router.unwrap()).await).await;
    for name in ["second", "third", "fourth"] {
        assert_eq!(
            client.post(&format!("/rename/{name}")).await.status,
            StatusCode::OK
        );
        assert_eq!(&*audit.latest::<Audited>().unwrap().0, name);
    }
}
