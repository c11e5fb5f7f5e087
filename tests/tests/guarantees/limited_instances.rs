//! Instances of a keyed state that nobody uses, or that are too many, are removed; those in use stay.

use kr_runtime::prelude::*;
use kr_runtime::{SharedMap, UpdateError};
use kr_tests::{Client, serve};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::time::sleep;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, SharedState)]
#[shared_state(lock = "session:{id}")]
struct Session(u64);

type Sessions = SharedMap<u64, Session>;

#[derive(Clone, Host)]
struct Site {
    sessions: SharedMap<u64, Session>,
}

async fn make(sessions: &Sessions, key: u64) {
    sessions
        .update(&key, |session| session.0 = key)
        .await
        .unwrap();
}

async fn keys(sessions: &Sessions) -> Vec<u64> {
    sessions.keys().await.unwrap()
}

/// Waits until those are the instances that are left.
async fn left(sessions: &Sessions, expected: &[u64]) {
    let end = Instant::now() + Duration::from_secs(10);
    while keys(sessions).await != expected {
        assert!(Instant::now() < end, "{:?}", keys(sessions).await);
        sleep(Duration::from_millis(2)).await;
    }
}

/// Gives the thread that removes instances some time.
async fn a_while() {
    sleep(Duration::from_millis(80)).await;
}

#[tokio::test]
async fn an_instance_that_nobody_uses_for_so_long_is_removed() {
    let sessions = Sessions::new().idle_for(Duration::from_millis(200));
    for key in 0..3 {
        make(&sessions, key).await;
    }
    // A read is a use.
    let start = Instant::now();
    while start.elapsed() < Duration::from_millis(400) {
        assert_eq!(sessions.read(&1).await.unwrap().0, 1);
        sleep(Duration::from_millis(10)).await;
    }
    left(&sessions, &[1]).await;
    left(&sessions, &[]).await;
    assert_eq!(sessions.read(&1).await.unwrap().0, 0);
}

#[tokio::test]
async fn an_instance_is_not_removed_before_its_time() {
    let sessions = Sessions::new().idle_for(Duration::from_secs(3600));
    make(&sessions, 1).await;
    a_while().await;
    assert_eq!(keys(&sessions).await, [1]);
}

#[tokio::test]
async fn the_least_recently_used_instances_are_removed_if_there_are_too_many() {
    let sessions = Sessions::new().at_most(3);
    for key in 0..3 {
        make(&sessions, key).await;
    }
    a_while().await;
    assert_eq!(keys(&sessions).await, [0, 1, 2]);
    sessions.read(&0).await.unwrap();
    make(&sessions, 3).await;
    left(&sessions, &[0, 2, 3]).await;
    make(&sessions, 4).await;
    left(&sessions, &[0, 3, 4]).await;
}

/// An instance whose lock is held, and one whose lock is waited for.
#[tokio::test]
async fn an_instance_that_somebody_uses_stays() {
    let sessions = Sessions::new()
        .at_most(1)
        .idle_for(Duration::from_millis(20));
    let site = Site {
        sessions: sessions.clone(),
    };
    let locks = App::new("Site", site).locks();
    make(&sessions, 1).await;
    let held = locks.lock("session:1").await.unwrap();
    let (waiting, sessions_of_waiter) = (oneshot::channel::<()>(), sessions.clone());
    let waiter = tokio::spawn(async move {
        let changed = sessions_of_waiter.update(&1, |session| {
            let before = session.0;
            session.0 += 1;
            before
        });
        waiting.0.send(()).unwrap();
        changed.await
    });
    waiting.1.await.unwrap();
    a_while().await;
    assert_eq!(keys(&sessions).await, [1]);
    drop(held);
    let before: Result<u64, UpdateError> = waiter.await.unwrap();
    assert_eq!(before.unwrap(), 1);
    left(&sessions, &[]).await;
}

#[tokio::test]
async fn an_instance_that_somebody_follows_stays() {
    let sessions = Sessions::new()
        .at_most(1)
        .idle_for(Duration::from_millis(20));
    make(&sessions, 1).await;
    let subscription = sessions.subscribe(&1);
    make(&sessions, 2).await;
    left(&sessions, &[1]).await;
    a_while().await;
    assert_eq!(keys(&sessions).await, [1]);
    drop(subscription);
    left(&sessions, &[]).await;
}

#[tokio::test]
async fn a_removal_is_a_commit() {
    let sessions = Sessions::new().at_most(1);
    make(&sessions, 1).await;
    let before = sessions.read(&1).await.unwrap();
    make(&sessions, 2).await;
    left(&sessions, &[2]).await;
    assert_eq!(before.0, 1);
    make(&sessions, 1).await;
    let after = sessions.read(&1).await.unwrap();
    // One for the removal, one for the new instance.
    assert!(after.revision() >= before.revision() + 2);
}

#[kr_route(post, "/sessions/{id}")]
#[locked("session:{id}")]
fn open(id: u64, session: &mut Session) -> Json<u64> {
    session.0 = id;
    Json(id)
}

#[kr_route(get, "/sessions/{id}")]
#[locked("session:{id}")]
fn show(id: u64, session: Option<&Session>) -> Result<Json<u64>, Problem> {
    let session = session.ok_or(Problem::not_found("there is no such session"))?;
    assert_eq!(session.0, id);
    Ok(Json(session.0))
}

#[tokio::test]
async fn a_session_that_is_idle_is_not_found() {
    let sessions = Sessions::new().idle_for(Duration::from_millis(100));
    let site = Site {
        sessions: sessions.clone(),
    };
    let app = App::new("Site", site).mount(routes![open, show]);
    let mut client = Client::connect(serve(app.into_router().unwrap()).await).await;
    client.post("/sessions/7").await;
    assert_eq!(client.get("/sessions/7").await.json(), 7);
    left(&sessions, &[]).await;
    let gone = client.get("/sessions/7").await;
    let _ = gone.problem(StatusCode::NOT_FOUND);
}

/// Counters that are changed all the time while others come and go: no change is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_in_use_lose_nothing_while_others_are_removed() {
    const ROUNDS: u64 = 2000;
    let sessions = Sessions::new().at_most(8).idle_for(Duration::from_secs(10));
    let busy = (0..2).map(|key| {
        let sessions = sessions.clone();
        tokio::spawn(async move {
            for _ in 0..ROUNDS {
                sessions
                    .update(&key, |session| session.0 += 1)
                    .await
                    .unwrap();
            }
        })
    });
    let busy: Vec<_> = busy.collect();
    let others = {
        let sessions = sessions.clone();
        tokio::spawn(async move {
            for key in 100..2100 {
                make(&sessions, key).await;
                // It is used at least once between two others.
                sessions.read(&0).await.unwrap();
                sessions.read(&1).await.unwrap();
            }
        })
    };
    for task in busy {
        task.await.unwrap();
    }
    others.await.unwrap();
    for key in 0..2 {
        assert_eq!(sessions.read(&key).await.unwrap().0, ROUNDS);
    }
    let end = Instant::now() + Duration::from_secs(10);
    while sessions.len().await.unwrap() > 8 {
        assert!(Instant::now() < end);
        sleep(Duration::from_millis(2)).await;
    }
}
